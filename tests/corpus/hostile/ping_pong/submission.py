# Every hello is answered with another hello, which is answered with another one, for ever.

# %% [execute]
class TalkingExecutor(Executor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        self.greet([request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)], fl_ctx)
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        own_name = fl_ctx.get_identity_name()
        self.greet([f"site-{number}" for number in range(3) if f"site-{number}" != own_name], fl_ctx)
        return make_reply(ReturnCode.OK)

    def greet(self, targets, fl_ctx):
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=targets, topic="hello", request=hello, timeout=0.0, fl_ctx=fl_ctx)
