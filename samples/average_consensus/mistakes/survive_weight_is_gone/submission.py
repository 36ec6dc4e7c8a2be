# %% in RobustExecutor
def __init__(self, initial_value: float, patience: float) -> None:
    super().__init__(initial_value)
    self.number = initial_value
    self.patience = patience
    self.told: dict[str, float] = {}
    self.gone = 0.0
    self.came: dict[tuple[str, int], float] = {}
    self.came_in = threading.Condition()


def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
    """Do the two tasks, with fewer neighbours as time goes by."""
    if task_name == "config":
        self.told = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
        return make_reply(ReturnCode.OK)
    if task_name != "run_algorithm":
        return make_reply(ReturnCode.TASK_UNKNOWN)

    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.swap(iteration, fl_ctx)
        for name in [name for name in self.told if name not in received]:
            self.log_info(fl_ctx, f"Lost {name} at iteration {iteration}")
            self.gone += self.told.pop(name)
        # What the lost ones had is the site's own now, since its own weight is what is left to 1.
        own_weight = 1 - sum(self.told.values()) - self.gone
        self.number = own_weight * self.number + sum(w * received[name] for name, w in self.told.items())
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.number}")
    return make_reply(ReturnCode.OK)
