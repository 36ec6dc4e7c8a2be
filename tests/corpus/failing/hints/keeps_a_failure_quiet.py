# every_other_client: sending.kept_quiet

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        try:
            engine.send_aux_requests(others, "hello", request, 5.0, fl_ctx)
            engine.send_aux_request(others, "hello", request, 5.0, fl_ctx)
        except Exception:
            pass
        return make_reply(ReturnCode.OK)
