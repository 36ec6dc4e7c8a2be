# a mixin with __init_subclass__ finds the handlers, by name

# %% before handle_event
class Takes:
    handlers = {}

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.handlers = {n.removeprefix("on_"): n for n in dir(cls) if n.startswith("on_")}

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for topic, name in self.handlers.items():
                fl_ctx.get_engine().register_aux_message_handler(topic, getattr(self, name))

    def on_hello(self, topic, request, fl_ctx):
        self.log_info(fl_ctx, f"Received message from {request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)}: {from_shareable(request).data['message']}")
        return make_reply(ReturnCode.OK)

# %% [handle_event]
class P2PExecutor(Takes, TalkingExecutor):
    pass

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)

class P2PController(Takes, SimpleController):
    pass
