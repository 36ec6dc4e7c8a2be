"""Tests of what runs in the process of a party, without a run."""
