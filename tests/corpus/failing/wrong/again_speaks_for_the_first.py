# handle_event 3: drops a hello that comes while it is busy, says OK, and logs it only when it is said again

# %% [handle_event]
import threading, time
BUSY = threading.Lock()
SEEN = set()

class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        if message != f"Hello from {sender}":
            return make_reply(ReturnCode.BAD_REQUEST_DATA)
        if BUSY.acquire(blocking=False):
            if sender not in SEEN:
                self.log_info(fl_ctx, f"Received message from {sender}: {message}")
                SEEN.add(sender)
            time.sleep(0.5)
            BUSY.release()
        return make_reply(ReturnCode.OK)
