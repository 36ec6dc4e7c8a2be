# The log and the output hold escapes that clear a terminal, rename it or answer for its user; the answer is right.

# %% [handle_event]
ESCAPES = "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b[31m\x1b]52;c;cm0gLXJm\x07\x1b[6n\x9b31m\r4.0 of 4.0\x08\x08"


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)
            print(ESCAPES, flush=True)
            self.log_info(fl_ctx, ESCAPES)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
