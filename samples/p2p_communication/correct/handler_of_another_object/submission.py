# The handler is a method of a listener object, which logs for the component that owns it.

# %% before handle_event
class Listener:
    """Hears hello on behalf of a component."""

    def __init__(self, owner):
        self.owner = owner
        self.heard = []

    def listen(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.heard.append((sender, message))
        self.owner.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def __init__(self):
        super().__init__()
        self.listener = Listener(self)

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            self.listener.listen(fl_ctx)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets="@ALL", topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        super().start_controller(fl_ctx)
        self.listener = Listener(self)
        self.listener.listen(fl_ctx)
