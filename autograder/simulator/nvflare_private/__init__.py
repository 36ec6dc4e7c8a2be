"""Relies on names of NVFlare 2.9.0 that are not documented. Tests fail when a new version changes them."""
