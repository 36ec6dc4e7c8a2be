"""Tests of gradings that run the simulator."""
