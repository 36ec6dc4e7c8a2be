"""Static tests of the source notebook: nothing is run."""
