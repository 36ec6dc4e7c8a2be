"""Tests of commands that run the simulator."""
