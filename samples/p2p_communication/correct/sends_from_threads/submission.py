# One thread for each target, joined before execute returns; the DXO is written into a Shareable.

# %% [execute]
from threading import Thread


class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        threads = [
            Thread(target=self.greet, args=(client.name, me, fl_ctx))
            for client in fl_ctx.get_engine().get_clients()
            if client.name != me
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return make_reply(ReturnCode.OK)

    def greet(self, target: str, me: str, fl_ctx: FLContext) -> None:
        request = Shareable()
        DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).update_shareable(request)
        fl_ctx.get_engine().send_aux_request([target], "hello", request, timeout=5.0, fl_ctx=fl_ctx)
