"""Makes runs of scenarios in the NVFlare simulator, and records them."""
