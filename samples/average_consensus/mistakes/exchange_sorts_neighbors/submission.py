# %% in ConsensusExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    if task_name == "config":
        neighbors = from_shareable(shareable).data["neighbors"]
        names = sorted(one["id"] for one in neighbors)
        self.weights = dict(zip(names, [one["weight"] for one in neighbors]))
        return make_reply(ReturnCode.OK)
    iterations = from_shareable(shareable).data["iterations"]
    own_weight = 1 - sum(self.weights.values())
    for iteration in range(iterations):
        received = self.exchange(iteration, fl_ctx)
        self.value = own_weight * self.value + sum(w * received[name] for name, w in self.weights.items())
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
    return make_reply(ReturnCode.OK)
