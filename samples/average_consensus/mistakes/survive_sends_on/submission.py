# %% in RobustExecutor
def __init__(self, initial_value: float, patience: float) -> None:
    super().__init__(initial_value)
    self.number = initial_value
    self.patience = patience
    self.told: dict[str, float] = {}
    self.everybody: list[str] = []
    self.came: dict[tuple[str, int], float] = {}
    self.came_in = threading.Condition()


def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
    """Do the two tasks, with fewer neighbours as time goes by."""
    if task_name == "config":
        self.told = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
        self.everybody = list(self.told)
        return make_reply(ReturnCode.OK)
    if task_name != "run_algorithm":
        return make_reply(ReturnCode.TASK_UNKNOWN)

    iterations = from_shareable(shareable).data["iterations"]
    for iteration in range(iterations):
        received = self.swap(iteration, fl_ctx)
        for name in [name for name in self.told if name not in received]:
            self.log_info(fl_ctx, f"Lost {name} at iteration {iteration}")
            del self.told[name]
        # What the lost ones had is the site's own now, since its own weight is what is left to 1.
        own_weight = 1 - sum(self.told.values())
        self.number = own_weight * self.number + sum(w * received[name] for name, w in self.told.items())
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.number}")
    return make_reply(ReturnCode.OK)


def swap(self, iteration: int, fl_ctx: FLContext) -> dict[str, float]:
    """Send the own value to the neighbours that are left, and return what came of them within the patience."""
    until = time.monotonic() + self.patience
    if self.everybody:
        message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.number, "iteration": iteration})
        # Waiting for replies is part of the patience, not added to it: neighbours wait at the same time.
        fl_ctx.get_engine().send_aux_request(
            targets=self.everybody,
            topic="send_value",
            request=message.to_shareable(),
            timeout=0.0,
            fl_ctx=fl_ctx,
        )
    with self.came_in:
        self.came_in.wait_for(
            lambda: all((name, iteration) in self.came for name in self.told), max(0.0, until - time.monotonic())
        )
        return {name: self.came[name, iteration] for name in self.told if (name, iteration) in self.came}
