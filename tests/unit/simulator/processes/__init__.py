"""Tests of how processes are watched, measured and ended, without a run."""
