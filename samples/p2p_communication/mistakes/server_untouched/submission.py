# Exercise 3 is left out.
