# %% [metropolis]
class ConsensusController(PlainController):
    def __init__(self, graph, iterations):
        super().__init__()
        self.graph = graph
        self.iterations = iterations

    def control_flow(self, abort_signal, fl_ctx):
        tasks = []
        for site, others in self.graph.items():
            w = [{"id": o, "weight": 1 / (1 + max(len(self.graph[o]), len(others)))} for o in others]
            task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data={"neighbors": w}).to_shareable())
            self.send(task=task, targets=[site], fl_ctx=fl_ctx)
            tasks.append(task)
        while any(t.completion_status is None for t in tasks):
            time.sleep(0.1)
        task = Task(
            name="run_algorithm", data=DXO(DataKind.APP_DEFINED, data={"iterations": self.iterations}).to_shareable()
        )
        self.broadcast_and_wait(task=task, targets=sorted(self.graph), fl_ctx=fl_ctx, abort_signal=abort_signal)
