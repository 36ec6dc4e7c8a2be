"""Tests of notebooks in kernels and in runs."""
