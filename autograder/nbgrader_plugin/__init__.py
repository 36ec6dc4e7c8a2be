"""The connection of the autograder to nbgrader. No other part of the package knows nbgrader."""
