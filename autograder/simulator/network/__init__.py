"""The network of a run as a scenario declares it: what messages say, and what happens to them on the way."""
