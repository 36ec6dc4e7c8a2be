# %% in ConsensusExecutor
def handle_value(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    """Keep a value, and wake up who waits for it."""
    sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
    data = from_shareable(request).data
    with self.changed:
        self.arrived[sender, data["iteration"]] = data["value"]
        self.changed.notify_all()
