# The handler greets each sender once, and refuses whatever the same one says later.

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def __init__(self) -> None:
        super().__init__()
        self.greeted = set()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        if sender in self.greeted:
            return make_reply(ReturnCode.BAD_REQUEST_DATA)
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        self.greeted.add(sender)
        return make_reply(ReturnCode.OK)
