"""Static tests of the source notebooks of the course: nothing is run."""
