# Pauses are whole seconds, and it stops when the next one does not fit in; a thread takes the items.

# %% [deliver]
from dataclasses import dataclass, field


@dataclass
class Parcel:
    name: str
    tries: int = 0
    done: bool = False


class ReliableExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        data = from_shareable(shareable).data
        start = time.time()
        engine = fl_ctx.get_engine()
        parcels = [Parcel(c.name) for c in engine.get_clients() if c.name != fl_ctx.get_identity_name()]
        pause = 1.0
        while True:
            open_ones = [p for p in parcels if not p.done and p.tries < 6]
            replies = engine.send_aux_request(
                targets=[p.name for p in open_ones],
                topic="news",
                request=DXO(DataKind.APP_DEFINED, data={"id": data["id"], "text": data["text"]}).to_shareable(),
                timeout=0.2,
                fl_ctx=fl_ctx,
            )
            for p in open_ones:
                p.tries += 1
                p.done = replies[p.name].get_return_code() == ReturnCode.OK
            if all(p.done or p.tries == 6 for p in parcels):
                break
            if time.time() - start + pause > data["deadline"]:
                break
            time.sleep(pause)
            pause *= 2
        ok = ", ".join(sorted(p.name for p in parcels if p.done)) or "nobody"
        no = ", ".join(sorted(p.name for p in parcels if not p.done)) or "nobody"
        self.logger.info(f"Delivered {data['id']} to {ok}; gave up on {no}")
        return make_reply(ReturnCode.OK if no == "nobody" else ReturnCode.EXECUTION_RESULT_ERROR)


# %% [exactly_once]
import queue


class InboxExecutor(ReliableExecutor):
    """A worker thread takes items from a queue."""

    def __init__(self):
        super().__init__()
        self.q = queue.Queue()
        self.known = set()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            threading.Thread(target=self.work, daemon=True).start()
            fl_ctx.get_engine().register_aux_message_handler("news", self.handle_news)

    def work(self):
        while True:
            sender, i, text, done = self.q.get()
            if (sender, i) not in self.known:
                self.known.add((sender, i))
                self.logger.info(f"News {i} from {sender}: {text}")
            done.set()

    def handle_news(self, topic, request, fl_ctx):
        d = from_shareable(request).data
        done = threading.Event()
        self.q.put((request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), d["id"], d["text"], done))
        done.wait(10)
        return make_reply(ReturnCode.OK)


# %% [roll_call]
class RollCallExecutor(InboxExecutor):
    """Collects answers in a queue, waits to 0.8 of the deadline, pings twice the silent."""

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("ping", self.handle_ping)

    def handle_ping(self, topic, request, fl_ctx):
        return Shareable()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "roll_call":
            return super().execute(task_name, shareable, fl_ctx, abort_signal)
        dl = from_shareable(shareable).data["deadline"]
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        alive, silent = [me], [c.name for c in engine.get_clients() if c.name != me]
        for _ in range(2):
            for n, r in engine.send_aux_request(silent, "ping", Shareable(), 0.4 * dl, fl_ctx).items():
                if r.get_return_code() == ReturnCode.OK:
                    alive.append(n)
                    silent.remove(n)
            if not silent:
                break
        self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)
