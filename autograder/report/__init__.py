"""The report of a grading: points, verdicts, expectations, hints, and their forms on paper and on screen."""
