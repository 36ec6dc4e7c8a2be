# leaves out the line of a message that is the same as the last one; what is no hello is refused

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    last = None

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        if message != f"Hello from {sender}":
            return make_reply(ReturnCode.BAD_REQUEST_DATA)
        if self.last != message:
            self.last = message
            self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
