# The second class of exercise 3 was forgotten.

# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"})
        fl_ctx.get_engine().send_aux_request(
            targets="@ALL", topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return make_reply(ReturnCode.OK)
