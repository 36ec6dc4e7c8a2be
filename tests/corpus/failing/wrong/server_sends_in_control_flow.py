# server_handler 3.5: the controller sends a message that nobody asked for, before the task

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)
class P2PController(SimpleController):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)
    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
    def control_flow(self, abort_signal, fl_ctx):
        fl_ctx.get_engine().send_aux_request(None, 'welcome', Shareable(), 2.0, fl_ctx)
        super().control_flow(abort_signal, fl_ctx)
