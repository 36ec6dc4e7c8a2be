"""Tests of what relies on names and texts that NVFlare does not document, without a run."""
