# %% in ConsensusExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    if task_name == "config":
        self.weights = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
        return make_reply(ReturnCode.OK)
    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.exchange(iteration, fl_ctx)
        own_weight = 1 - sum(self.weights.values())
        self.value = own_weight * self.value + sum(w * received[name] for name, w in self.weights.items())
        if max(received.values()) - min(received.values()) < 1e-3:
            break
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
    return make_reply(ReturnCode.OK)
