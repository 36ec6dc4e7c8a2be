# The message is a script in place of the text that is asked for.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        others = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        text = "Hello from <script>alert(1)</script><img src=x onerror=alert(2)>"
        hello = DXO(DataKind.APP_DEFINED, data={"message": text}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
