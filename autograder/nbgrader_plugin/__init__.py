"""Where the autograder meets nbgrader. No other part of the package knows nbgrader."""
