"""Fuzzing of what reads strangers' bytes: nothing raises but what is declared, takes long, or becomes too much.

`properties` says what must hold and of what, `inputs` how what is tried is made. Every test run tries a few inputs, the
same ones each time; ``make fuzz MINUTES=10`` tries others for as long as it is told. What it finds becomes a test.
"""
