# %% [survive]
class RobustExecutor(ConsensusExecutor):
    def __init__(self, initial_value, patience):
        super().__init__(initial_value)
        self.patience = patience

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "run_algorithm":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        iterations = from_shareable(shareable).data["iterations"]
        for iteration in range(iterations):
            received = self.exchange(iteration, fl_ctx, self.patience) if self.weights else {}
            for name in self.weights.keys() - received.keys():
                self.log_info(fl_ctx, f"Lost {name} at iteration {iteration}")
                del self.weights[name]
            change = sum(weight * (received[name] - self.value) for name, weight in self.weights.items())
            self.value = self.value + change
        self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
        return make_reply(ReturnCode.OK)
