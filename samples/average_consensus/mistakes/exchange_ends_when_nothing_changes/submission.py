# %% in ConsensusExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    if task_name == "config":
        self.weights = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
        return make_reply(ReturnCode.OK)
    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.exchange(iteration, fl_ctx)
        before = self.value
        self.value = before + sum(w * (received[name] - before) for name, w in self.weights.items())
        if abs(self.value - before) < 1e-6:
            break
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
    return make_reply(ReturnCode.OK)
