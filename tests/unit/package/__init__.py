"""Tests of autograders for other services, on reports made by hand."""
