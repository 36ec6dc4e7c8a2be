# server_handler not full: the clients answer each other with an error code; 4 of 4

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)

    def handle_hello(self, topic, request, fl_ctx):
        super().handle_hello(topic, request, fl_ctx)
        return make_reply(ReturnCode.ERROR)


class P2PController(SimpleController):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
