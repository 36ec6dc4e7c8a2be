# %% in ConsensusExecutor
def handle_value(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    """Keep a value, and answer when those of all neighbours are there."""
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    data = from_shareable(request).data
    with self.changed:
        self.arrived[sender, data["iteration"]] = data["value"]
        self.changed.notify_all()
        self.changed.wait_for(
            lambda: all((name, data["iteration"]) in self.arrived for name in self.weights), timeout=30
        )
    return make_reply(ReturnCode.OK)
