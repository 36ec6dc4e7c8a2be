"""Tests of what messages say, and of the faults of the network, without a run."""
