# %% in RobustExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    if task_name == "config":
        self.told = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
        self.own_weight = 1 - sum(self.told.values())
        return make_reply(ReturnCode.OK)
    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.swap(iteration, fl_ctx)
        for name in [name for name in self.told if name not in received]:
            self.log_info(fl_ctx, f"Lost {name} at iteration {iteration}")
            self.own_weight += list(self.told.values())[0]
            del self.told[name]
        self.number = self.own_weight * self.number + sum(w * received[name] for name, w in self.told.items())
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.number}")
    return make_reply(ReturnCode.OK)
