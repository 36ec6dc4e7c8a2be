# %% [metropolis]
class ConsensusController(PlainController):
    def __init__(self, graph, iterations):
        super().__init__()
        self.graph, self.iterations = graph, iterations

    def control_flow(self, abort_signal, fl_ctx):
        degree = {name: len(others) for name, others in self.graph.items()}
        for name, others in self.graph.items():
            neighbors = [{"id": one, "weight": 1 / (1 + max(degree[name], degree[one]))} for one in others]
            dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"neighbors": neighbors})
            task = Task(name="config", data=dxo.to_shareable(), timeout=60)
            self.send_and_wait(task=task, targets=[name], fl_ctx=fl_ctx, abort_signal=abort_signal)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"iterations": self.iterations})
        task = Task(name="run_algorithm", data=dxo.to_shareable(), timeout=300)
        self.broadcast_and_wait(task=task, min_responses=len(self.graph), fl_ctx=fl_ctx, abort_signal=abort_signal)
