# server_registered: controller.other_task

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(SiteType.ALL, "hello", request, 5.0, fl_ctx)
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
        self.broadcast_and_wait(self.talk, fl_ctx, targets=["site-0", "site-1"], min_responses=0, abort_signal=abort_signal)
        other = Task(name="listen", data=Shareable(), timeout=15)
        self.broadcast_and_wait(other, fl_ctx, targets=["site-2"], min_responses=0, abort_signal=abort_signal)
