# %% in ConsensusController
def weight(self, site: str, other: str) -> float:
    """Return the weight that two neighbours give each other: the same at both, and small where one has many."""
    return 1 / (1 + max(len(neighbors) for neighbors in self.graph.values()))
