"""Tests of autograders for other services, which grade for real."""
