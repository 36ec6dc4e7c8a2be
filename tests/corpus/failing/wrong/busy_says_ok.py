# handle_event 3: drops what comes while it is busy, and says OK

# %% [handle_event]
import threading, time
BUSY = threading.Lock()

class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        me = fl_ctx.get_identity_name()
        if BUSY.acquire(blocking=False):
            self.log_info(fl_ctx, f"Received message from {sender}: {message}")
            time.sleep(0.5)
            BUSY.release()
        return make_reply(ReturnCode.OK)
