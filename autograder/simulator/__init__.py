"""From a scenario to the record of one run in the NVFlare simulator."""
