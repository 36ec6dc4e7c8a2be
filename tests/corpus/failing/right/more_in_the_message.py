# the message holds more than is asked for, and options of the call are used

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}", "n": [1, 2]}, meta={"v": 1}).to_shareable()
        request.set_header("mine", 1)
        engine.send_aux_request(targets=others, topic="hello", request=request, timeout=5.0, fl_ctx=fl_ctx, optional=True, secure=False)
        return make_reply(ReturnCode.OK)
