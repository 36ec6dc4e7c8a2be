"""All that relies on names of NVFlare 2.9.0 which it does not document. Tests fail when a new version changes them."""
