# The message reads right from right to left, with characters that turn its direction and a NUL.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        others = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        text = "\u202e" + f"Hello from {fl_ctx.get_identity_name()}"[::-1] + "\u202c\0"
        hello = DXO(DataKind.APP_DEFINED, data={"message": text}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
