# The text is put right into a Shareable, without a DXO around it.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name == "talk":
            me = fl_ctx.get_identity_name()
            engine = fl_ctx.get_engine()
            greeting = Shareable()
            greeting["message"] = f"Hello from {me}"
            others = [f"site-{i}" for i in range(3) if f"site-{i}" != me]
            engine.send_aux_request(targets=others, topic="hello", request=greeting, timeout=5.0, fl_ctx=fl_ctx)
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)
