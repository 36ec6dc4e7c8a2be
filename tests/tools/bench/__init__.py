"""``make bench``: how fast it is, measured side by side in one run, and written to docs/performance.md."""
