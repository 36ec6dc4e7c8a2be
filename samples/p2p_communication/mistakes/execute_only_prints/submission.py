# It prints the greeting, and nothing is sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        if task_name == "talk":
            print(f"Hello from {fl_ctx.get_identity_name()}")
        return make_reply(ReturnCode.OK)
