# %% in ConsensusController
def __init__(self, graph, iterations):
    super().__init__()
    self.graph = graph
    self.iterations = iterations + 1
