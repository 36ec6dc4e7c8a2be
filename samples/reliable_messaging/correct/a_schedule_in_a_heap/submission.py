# A heap says who is next, and when.

# %% [deliver]
import heapq


class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name == "announce":
            return self.announce(from_shareable(shareable).data, fl_ctx, abort_signal)
        return make_reply(ReturnCode.TASK_UNKNOWN)

    def announce(self, task, fl_ctx, abort_signal):
        t0 = time.monotonic()
        D = task["deadline"]
        engine = fl_ctx.get_engine()
        others = [n.name for n in engine.get_clients()]
        others.remove(fl_ctx.get_identity_name())
        heap = [(0.0, n, 1) for n in others]
        got = set()
        while heap and not abort_signal.triggered:
            when, name, k = heapq.heappop(heap)
            now = time.monotonic() - t0
            if when > now:
                time.sleep(when - now)
            if time.monotonic() - t0 >= D:
                break
            item = DXO(DataKind.APP_DEFINED, data={"id": task["id"], "text": task["text"]}).to_shareable()
            rc = engine.send_aux_request([name], "news", item, D / 40, fl_ctx)[name].get_return_code()
            if rc == ReturnCode.OK:
                got.add(name)
            elif k < 6:
                after = time.monotonic() - t0 + D / 60 * 2 ** (k - 1)
                if after < D:
                    heapq.heappush(heap, (after, name, k + 1))
        lost = sorted(set(others) - got)
        self.log_info(
            fl_ctx,
            f"Delivered {task['id']} to {', '.join(sorted(got)) or 'nobody'}; gave up on {', '.join(lost) or 'nobody'}",
        )
        return make_reply(ReturnCode.EXECUTION_RESULT_ERROR if lost else ReturnCode.OK)


# %% [exactly_once]
class InboxExecutor(ReliableExecutor):
    def __init__(self):
        super().__init__()
        self.by_sender = {}
        self.guard = threading.Semaphore(1)

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def handle_news(self, topic, request, fl_ctx):
        data = from_shareable(request).data
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, "?")
        self.guard.acquire()
        try:
            items = self.by_sender.setdefault(sender, [])
            if data["id"] in items:
                return make_reply(ReturnCode.OK)
            items.append(data["id"])
            self.log_info(fl_ctx, f"News {data['id']} from {sender}: {data['text']}")
        finally:
            self.guard.release()
        return make_reply(ReturnCode.OK)


# %% [roll_call]
from concurrent.futures import ThreadPoolExecutor, as_completed


class RollCallExecutor(InboxExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)
        super().handle_event(event_type, fl_ctx)

    def handle_ping(self, topic, request, fl_ctx):
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        dl = from_shareable(shareable).data["deadline"]
        names = {c.name for c in fl_ctx.get_engine().get_clients()} - {fl_ctx.get_identity_name()}
        alive = [fl_ctx.get_identity_name()]
        with ThreadPoolExecutor() as pool:
            futures = {pool.submit(self.ask, n, dl / 3 + 0.1, fl_ctx): n for n in names}
            for f in as_completed(futures):
                if f.result():
                    alive.append(futures[f])
        alive.sort()
        self.log_info(fl_ctx, "Alive: " + ", ".join(alive))
        return make_reply(ReturnCode.OK)

    def ask(self, name, wait, fl_ctx):
        reply = fl_ctx.get_engine().send_aux_request(
            targets=[name], topic="ping", request=Shareable(), timeout=wait, fl_ctx=fl_ctx
        )[name]
        return reply.get_return_code() == ReturnCode.OK
