# The right text, and 50 MB beside it in the same message, to both peers.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        data = {"message": f"Hello from {me}", "more": "x" * 50_000_000}
        hello = DXO(DataKind.APP_DEFINED, data=data).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=10.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
