# Exercise 1 is left out.
