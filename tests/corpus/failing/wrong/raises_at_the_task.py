# handle_event 3 and server_handler 3.5: handle_event raises when the task is about to be executed, or after it

# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.handle_hello)
        if event_type == EventType.BEFORE_TASK_EXECUTION:
            raise KeyError("task")

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type != EventType.BEFORE_TASK_EXECUTION:
            super().handle_event(event_type, fl_ctx)
        if event_type == EventType.AFTER_SEND_TASK_RESULT:
            raise KeyError("result")

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

    def handle_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
