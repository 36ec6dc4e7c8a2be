# multicast_aux_requests, with a request for each target; in NVFlare 2.9.0 it works with timeout=0 only.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        requests = {
            f"site-{i}": DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
            for i in range(3)
            if f"site-{i}" != me
        }
        fl_ctx.get_engine().multicast_aux_requests("hello", requests, timeout=0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
