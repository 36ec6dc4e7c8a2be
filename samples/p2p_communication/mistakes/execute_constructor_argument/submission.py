# The constructor wants a greeting that nobody gives it.

# %% [execute]
class TalkingExecutor(Executor):
    def __init__(self, greeting: str) -> None:
        super().__init__()
        self.greeting = greeting

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        me = fl_ctx.get_identity_name()
        dxo = DXO(data_kind=DataKind.APP_DEFINED, data={"message": f"{self.greeting} from {me}"})
        others = [client.name for client in fl_ctx.get_engine().get_clients() if client.name != me]
        fl_ctx.get_engine().send_aux_request(
            targets=others, topic="hello", request=dxo.to_shareable(), timeout=5.0, fl_ctx=fl_ctx
        )
        return make_reply(ReturnCode.OK)
