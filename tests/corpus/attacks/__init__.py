"""Attacks on the second and third assignment: each claims what it has not done, reads what is not its, or never ends.

They have the form of samples (see `autograder.samples`), and get exactly what the work that they did is worth. Nothing
of them may be imported or run outside of a sandbox. What any submission can attack, `tests.corpus.hostile` tries.
"""
