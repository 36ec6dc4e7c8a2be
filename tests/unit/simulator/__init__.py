"""Tests of what makes a run, without one."""
