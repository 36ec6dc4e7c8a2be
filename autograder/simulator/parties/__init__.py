"""Runs in the process of a party: NVFlare's server or a client, with the course's components around a class."""
