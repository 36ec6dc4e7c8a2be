# The server sends hello to the clients; it should listen to theirs.

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
    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": "Hello from server"})
        fl_ctx.get_engine().send_aux_request(
            targets=None, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        super().control_flow(abort_signal, fl_ctx)
