# sends from a pool after three seconds, logs from a thread, and leaves one behind that never ends

# %% [execute]
import threading
import time
from concurrent.futures import ThreadPoolExecutor


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        ThreadPoolExecutor(1).submit(self.greet, fl_ctx)
        return make_reply(ReturnCode.OK)

    def greet(self, fl_ctx):
        time.sleep(3)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(others, "hello", request, 5.0, fl_ctx)


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        threading.Thread(target=self.log, args=(fl_ctx, sender, message)).start()
        return make_reply(ReturnCode.OK)

    def log(self, fl_ctx, sender, message):
        time.sleep(0.7)
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        targets = [c.name for c in engine.get_clients() if c.name != me] + ["server"]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)
            threading.Thread(target=self.beat, daemon=True).start()

    def beat(self):
        while True:
            time.sleep(0.5)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
