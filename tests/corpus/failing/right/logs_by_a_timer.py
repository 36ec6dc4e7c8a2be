# the line is written by a timer, so the reply is there before it

# %% [handle_event]
import threading
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        line = f"Received message from {sender}: {message}"
        threading.Timer(0.3, lambda: self.log_info(fl_ctx, line)).start()
        return make_reply(ReturnCode.OK)
