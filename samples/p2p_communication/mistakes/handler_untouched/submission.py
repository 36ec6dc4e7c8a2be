# Exercise 2 is left out.
