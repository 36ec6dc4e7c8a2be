# The code takes itself for site-0: it leaves that one out and signs with its name.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name == "talk":
            engine = fl_ctx.get_engine()
            me = "site-0"
            others = [f"site-{i}" for i in range(3) if f"site-{i}" != me]
            dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"})
            engine.send_aux_request(
                targets=others, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
            )
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)
