# It logs that everybody has the item, and sends nothing.

# %% [deliver]
class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        data = from_shareable(shareable).data
        others = sorted({client.name for client in fl_ctx.get_engine().get_clients()} - {fl_ctx.get_identity_name()})
        self.log_info(fl_ctx, f"Delivered {data['id']} to {', '.join(others)}; gave up on nobody")
        return make_reply(ReturnCode.OK)
