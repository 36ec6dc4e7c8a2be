# The log holds NUL, bidi and zero-width characters, other line ends and 200 accents; the answer is right.

# %% [handle_event]
ODD = "\0 \u202eskram lluf\u202c \u2066\u200b\ufeff \u2028\u2029\x85\x0b\x0c \uffff \U0001f9d1 e" + "\u0301" * 200


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)
            self.log_info(fl_ctx, ODD)
            self.log_error(fl_ctx, ODD[::-1])

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
