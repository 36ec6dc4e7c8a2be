"""The class at a glance: who has passed which check, what went wrong most, and what a person should look at."""
