# %% in ConsensusController
def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
    """Two steps, and a bound on each wait."""
    configs = []
    for site, neighbors in self.graph.items():
        weights = {other: self.weight(site, other) for other in neighbors}
        data = {
            "neighbors": [{"id": other, "weight": weight} for other, weight in weights.items()],
            "own_weight": 1 - sum(weights.values()),
        }
        task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=60)
        self.send(task=task, targets=[site], fl_ctx=fl_ctx)
        configs.append(task)
    while any(task.completion_status is None for task in configs) and not abort_signal.triggered:
        time.sleep(0.1)

    data = {"iterations": self.iterations}
    run = Task(name="run_algorithm", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=300)
    self.broadcast_and_wait(
        task=run, targets=list(self.graph), min_responses=0, fl_ctx=fl_ctx, abort_signal=abort_signal
    )
