# %% [metropolis]
class ConsensusController(PlainController):
    def __init__(self, graph, iterations):
        super().__init__()
        self.graph, self.iterations = graph, iterations
        self.ready = threading.Semaphore(0)

    def on_result(self, client_task, fl_ctx):
        self.ready.release()

    def control_flow(self, abort_signal, fl_ctx):
        for name in self.graph:
            data = {"neighbors": [{"id": one, "weight": self.metropolis(name, one)} for one in self.graph[name]]}
            task = Task("config", self.wrapped(data), timeout=60, result_received_cb=self.on_result)
            self.send(task, fl_ctx, [name])
        for _ in self.graph:
            if not self.ready.acquire(timeout=60):
                self.system_panic("a site has not answered", fl_ctx)
                return
        task = Task("run_algorithm", self.wrapped({"iterations": self.iterations}), timeout=300)
        self.broadcast_and_wait(task, fl_ctx, min_responses=len(self.graph), abort_signal=abort_signal)

    def metropolis(self, one, other):
        return 1.0 / (1 + max(len(self.graph[one]), len(self.graph[other])))

    def wrapped(self, data):
        return DXO(DataKind.APP_DEFINED, data=data).to_shareable()
