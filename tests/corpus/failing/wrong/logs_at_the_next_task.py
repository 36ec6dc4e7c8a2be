# handle_event 3: the handler keeps what came, and it is logged when a task has been executed; later messages are lost

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def __init__(self):
        super().__init__()
        self.kept = []

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)
        if event_type == EventType.AFTER_TASK_EXECUTION:
            while self.kept:
                self.log_info(fl_ctx, self.kept.pop(0))

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.kept.append(f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
