# %% [survive]
class RobustExecutor(ConsensusExecutor):
    """Averages as before, and goes on without neighbours that fall silent.

    Args:
        initial_value: the private number.
        patience: seconds after which a neighbour that has not delivered is lost.
    """

    def __init__(self, initial_value: float, patience: float) -> None:
        super().__init__(initial_value)
        self.number = initial_value
        self.patience = patience
        self.told: dict[str, float] = {}
        self.came: dict[tuple[str, int], float] = {}
        self.came_in = threading.Condition()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler. It is written out, so that this part does not rest on how exercise 1 was solved."""
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="send_value", message_handle_func=self.take)

    def take(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Keep a value, and wake up who waits for it."""
        data = from_shareable(request).data
        with self.came_in:
            self.came[request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), data["iteration"]] = data["value"]
            self.came_in.notify_all()
        return make_reply(ReturnCode.OK)

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
                if fl_ctx.get_identity_name() != "site-1":
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
        if self.told:
            message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.number, "iteration": iteration})
            # Waiting for replies is part of the patience, not added to it: neighbours wait at the same time.
            fl_ctx.get_engine().send_aux_request(
                targets=list(self.told),
                topic="send_value",
                request=message.to_shareable(),
                timeout=self.patience,
                fl_ctx=fl_ctx,
            )
        with self.came_in:
            self.came_in.wait_for(
                lambda: all((name, iteration) in self.came for name in self.told), max(0.0, until - time.monotonic())
            )
            return {name: self.came[name, iteration] for name in self.told if (name, iteration) in self.came}
