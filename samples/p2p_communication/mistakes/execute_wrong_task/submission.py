# It waits for a task hello, which never comes: hello is the topic, talk is the task.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name == "hello":
            me = fl_ctx.get_identity_name()
            engine = fl_ctx.get_engine()
            others = [f"site-{i}" for i in range(3) if f"site-{i}" != me]
            dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"})
            engine.send_aux_request(
                targets=others, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
            )
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)
