# The server's log names the server as the sender.

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets="@ALL", topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def start_controller(self, fl_ctx: FLContext) -> None:
        super().start_controller(fl_ctx)
        fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)

    def on_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = fl_ctx.get_identity_name()
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
