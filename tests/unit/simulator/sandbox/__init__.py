"""Tests of sandboxes, without one."""
