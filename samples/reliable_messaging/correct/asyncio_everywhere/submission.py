# Coroutines send, and items are told apart without a lock.

# %% [deliver]
import asyncio


class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        return asyncio.run(self._announce(from_shareable(shareable).data, fl_ctx))

    async def _announce(self, data, fl_ctx):
        engine = fl_ctx.get_engine()
        me = fl_ctx.get_identity_name()
        names = sorted(c.name for c in engine.get_clients() if c.name != me)
        results = await asyncio.gather(*(self._one(n, data, fl_ctx) for n in names))
        ok = [n for n, r in zip(names, results) if r]
        bad = [n for n, r in zip(names, results) if not r]
        has, lacks = ", ".join(ok) or "nobody", ", ".join(bad) or "nobody"
        self.log_info(fl_ctx, f"Delivered {data['id']} to {has}; gave up on {lacks}")
        return make_reply(ReturnCode.OK if not bad else ReturnCode.EXECUTION_RESULT_ERROR)

    async def _one(self, name, data, fl_ctx):
        dl = data["deadline"]
        end = time.monotonic() + dl
        for k in range(6):
            req = DXO(data_kind=DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]}).to_shareable()
            left = end - time.monotonic()
            if left <= 0:
                return False
            replies = await asyncio.to_thread(
                fl_ctx.get_engine().send_aux_request, [name], "news", req, min(dl / 16, left), fl_ctx
            )
            if replies[name].get_return_code() == ReturnCode.OK:
                return True
            if k < 5:
                await asyncio.sleep(dl / 60 * 2**k)
        return False


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.seen = {}

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        token = object()
        d = from_shareable(request).data
        sender = fl_ctx.get_peer_context().get_identity_name()
        if self.seen.setdefault((sender, d["id"]), token) is token:
            self.log_info(fl_ctx, f"News {d['id']} from {sender}: {d['text']}")
        return make_reply(ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        dl = from_shareable(shareable).data["deadline"]
        me = fl_ctx.get_identity_name()

        async def ping(n):
            r = await asyncio.to_thread(fl_ctx.get_engine().send_aux_request, [n], "ping", Shareable(), dl / 3, fl_ctx)
            return n, r[n].get_return_code()

        async def go():
            return await asyncio.gather(*[ping(c.name) for c in fl_ctx.get_engine().get_clients() if c.name != me])

        alive = {me} | {n for n, rc in asyncio.run(go()) if rc == ReturnCode.OK}
        self.log_info(fl_ctx, "Alive: " + ", ".join(sorted(alive)))
        return make_reply(ReturnCode.OK)
