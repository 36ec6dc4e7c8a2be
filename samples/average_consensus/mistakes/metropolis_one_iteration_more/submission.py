# %% in ConsensusController
def control_flow(self, abort_signal, fl_ctx):
    configs = []
    for site, neighbors in self.graph.items():
        data = {"neighbors": [{"id": other, "weight": self.weight(site, other)} for other in neighbors]}
        task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=60)
        self.send(task=task, targets=[site], fl_ctx=fl_ctx)
        configs.append(task)
    while any(task.completion_status is None for task in configs) and not abort_signal.triggered:
        time.sleep(0.1)
    data = DXO(DataKind.APP_DEFINED, data={"iterations": self.iterations + 1}).to_shareable()
    self.broadcast_and_wait(
        Task(name="run_algorithm", data=data, timeout=300), fl_ctx, min_responses=0, abort_signal=abort_signal
    )
