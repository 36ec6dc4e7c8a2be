# Exercise 1 looks at the replies; exercise 3 greets the clients as before, then the server with targets=None.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        others = [f"site-{i}" for i in range(3) if f"site-{i}" != me]
        replies = self.greet(others, fl_ctx)
        for name, reply in replies.items():
            if reply.get_return_code() != ReturnCode.OK:
                self.log_warning(fl_ctx, f"{name} did not take my greeting: {reply.get_return_code()}")
        return make_reply(ReturnCode.OK)

    def greet(self, targets: list[str] | None, fl_ctx: FLContext) -> dict[str, Shareable]:
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        return fl_ctx.get_engine().send_aux_request(
            targets=targets, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        reply = super().execute(task_name, shareable, fl_ctx, abort_signal)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        fl_ctx.get_engine().send_aux_request(
            targets=None, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return reply


class P2PController(SimpleController):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
