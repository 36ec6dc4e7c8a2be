# The topic of the messages is a script, so the peers have no handler for it.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        others = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {fl_ctx.get_identity_name()}"}).to_shareable()
        engine, topic = fl_ctx.get_engine(), "<script>alert('hello')</script>"
        engine.send_aux_request(targets=others, topic=topic, request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
