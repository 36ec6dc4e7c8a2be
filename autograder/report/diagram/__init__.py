"""The picture of a run: a sequence diagram of its messages, as SVG, as text for a terminal, and as sentences."""
