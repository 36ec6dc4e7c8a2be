"""Sandboxes: which there are, how they are made, and how a process that has imported NVFlare enters one."""
