# The names of the others come from the engine, which knows all clients of the job.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [client.name for client in engine.get_clients() if client.name != me]
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"Hello from {me}"})
        engine.send_aux_request(targets=others, topic="hello", request=dxo.to_shareable(), timeout=10.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
