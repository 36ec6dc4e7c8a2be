# sends with asyncio, one call for each target

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "talk":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        others = [c.name for c in engine.get_clients() if c.name != me]
        request = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        import asyncio

        async def send_all():
            await asyncio.gather(*(asyncio.to_thread(engine.send_aux_request, [to], "hello", request, 5.0, fl_ctx) for to in others))

        asyncio.run(send_all())
        return Shareable()
