# %% in ConsensusExecutor
def __init__(self, initial_value: float) -> None:
    """Keep the number. What arrives is kept by sender and iteration, since a neighbour may be one ahead."""
    super().__init__()
    self.value = initial_value
    self.weights: dict[str, float] = {}
    self.arrived: dict[tuple[str, int], float] = {}
    self.changed = threading.Condition()


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
        own_weight = 1 - sum(self.weights.values())
        self.value = own_weight * self.value + sum(
            w * received[name] for name, w in self.weights.items() if name in received
        )
    self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
    return make_reply(ReturnCode.OK)


def exchange(self, iteration: int, fl_ctx: FLContext, wait: float = 15.0) -> dict[str, float]:
    """Send the own value to all neighbours, and return theirs of the same iteration that came in time."""
    message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.value, "iteration": iteration})
    # One call for all: they are asked at the same time, and a slow one does not hold up the others.
    fl_ctx.get_engine().send_aux_request(
        targets=list(self.weights), topic="send_value", request=message.to_shareable(), timeout=0.2, fl_ctx=fl_ctx
    )
    with self.changed:
        return {name: self.arrived[name, iteration] for name in self.weights if (name, iteration) in self.arrived}
