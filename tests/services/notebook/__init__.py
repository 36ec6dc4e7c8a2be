"""Tests of what a student has, in kernels."""
