# %% in ConsensusExecutor
def __init__(self, initial_value: float) -> None:
    """Keep the number. What arrives is kept by sender and iteration, since a neighbour may be one ahead."""
    super().__init__()
    self.value = initial_value
    self.weights: dict[str, float] = {}
    self.arrived: dict[tuple[str, int], float] = {}
    self.changed = threading.Condition()


def exchange(self, iteration: int, fl_ctx: FLContext, wait: float = 15.0) -> dict[str, float]:
    """Send the own value to all neighbours, and return theirs of the same iteration that came in time."""
    until = time.monotonic() + wait
    message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.value, "iteration": iteration})
    # One call for all: they are asked at the same time, and a slow one does not hold up the others.
    engine = fl_ctx.get_engine()
    threads = [
        threading.Thread(
            target=engine.send_aux_request, args=([name], "send_value", message.to_shareable(), wait, fl_ctx)
        )
        for name in self.weights
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with self.changed:
        self.changed.wait_for(
            lambda: all((name, iteration) in self.arrived for name in self.weights), until - time.monotonic()
        )
        return {name: self.arrived[name, iteration] for name in self.weights if (name, iteration) in self.arrived}
