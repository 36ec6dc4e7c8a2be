"""What a grading says: points, verdicts, expectations, hints, and their forms on paper and on screen."""
