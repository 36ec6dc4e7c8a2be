# sends at START_RUN, where nobody has been asked to

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        pass
        return make_reply(ReturnCode.OK)

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            me = fl_ctx.get_identity_name()
            request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
            fl_ctx.get_engine().send_aux_request([n for n in ("site-0", "site-1", "site-2") if n != me], "hello", request, 5.0, fl_ctx)
