# %% in ConsensusExecutor
def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
    """Take the neighbours of ``config``, or average on ``run_algorithm``."""
    if task_name == "config":
        neighbors = from_shareable(shareable).data["neighbors"]
        self.weights = {neighbor["id"]: neighbor["weight"] for neighbor in neighbors}
        return make_reply(ReturnCode.OK)
    if task_name != "run_algorithm":
        return make_reply(ReturnCode.TASK_UNKNOWN)

    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.exchange(iteration, fl_ctx)
        if len(received) < len(self.weights):
            return make_reply(ReturnCode.EXECUTION_EXCEPTION)
        own_weight = 1 - sum(self.weights.values())
        self.value = own_weight * self.value + sum(w * received[name] for name, w in list(self.weights.items())[:3])
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
    return make_reply(ReturnCode.OK)
