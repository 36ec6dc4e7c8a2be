# %% in ConsensusExecutor
def handle_value(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    """Keep a value, and answer when it has been averaged."""
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    data = from_shareable(request).data
    with self.changed:
        self.arrived[sender, data["iteration"]] = data["value"]
        self.changed.notify_all()
        self.changed.wait_for(lambda: (sender, data["iteration"]) not in self.arrived, timeout=30)
    return make_reply(ReturnCode.OK)


# %% in ConsensusExecutor
def exchange(self, iteration: int, fl_ctx: FLContext, wait: float = 15.0) -> dict[str, float]:
    """Send the own value to all neighbours, and return theirs of the same iteration that came in time."""
    message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.value, "iteration": iteration})
    fl_ctx.get_engine().send_aux_request(
        targets=list(self.weights), topic="send_value", request=message.to_shareable(), timeout=wait, fl_ctx=fl_ctx
    )
    with self.changed:
        self.changed.wait_for(lambda: all((name, iteration) in self.arrived for name in self.weights), wait)
        received = {name: self.arrived.pop((name, iteration)) for name in self.weights}
        self.changed.notify_all()
        return received
