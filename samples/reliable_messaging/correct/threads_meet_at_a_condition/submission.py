# Threads send, and it looks at what they have found when most of the time is over.

# %% [deliver]
class ReliableExecutor(Executor):
    FIRST, FACTOR = 1 / 40, 2.5

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        if task_name != "announce":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        dxo = from_shareable(shareable)
        self._state = {}
        self._cond = threading.Condition()
        me = fl_ctx.get_identity_name()
        targets = [c.name for c in fl_ctx.get_engine().get_clients() if c.name != me]
        deadline = time.monotonic() + dxo.data["deadline"]
        for t in targets:
            threading.Thread(target=self._push, args=(t, dxo.data, deadline, fl_ctx)).start()
        with self._cond:
            self._cond.wait_for(lambda: len(self._state) == len(targets))
        good = sorted(t for t in targets if self._state[t])
        bad = sorted(set(targets) - set(good))
        f = lambda xs: ", ".join(xs) if xs else "nobody"
        self.log_info(fl_ctx, f"Delivered {dxo.data['id']} to {f(good)}; gave up on {f(bad)}")
        if bad:
            return make_reply(ReturnCode.EXECUTION_RESULT_ERROR)
        return make_reply(ReturnCode.OK)

    def _push(self, t, data, deadline, fl_ctx):
        pause, ok = data["deadline"] * self.FIRST, False
        sleeper = threading.Event()
        for i in range(6):
            if time.monotonic() > deadline:
                break
            item = DXO(data_kind=DataKind.APP_DEFINED, data={k: data[k] for k in ("id", "text")})
            r = fl_ctx.get_engine().send_aux_request(
                targets=[t], topic="news", request=item.to_shareable(), timeout=data["deadline"] / 20, fl_ctx=fl_ctx
            )
            if r[t].get_return_code() == ReturnCode.OK:
                ok = True
                break
            sleeper.wait(min(pause, max(0, deadline - time.monotonic())))
            pause *= self.FACTOR
        with self._cond:
            self._state[t] = ok
            self._cond.notify_all()


# %% [exactly_once]
from collections import defaultdict


class InboxExecutor(ReliableExecutor):
    _all = threading.RLock()

    def __init__(self):
        super().__init__()
        self.counts = defaultdict(int)

    def handle_event(self, event_type, fl_ctx):
        super().handle_event(event_type, fl_ctx)
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="news", message_handle_func=self.handle_news)

    def _first(self, key):
        with self._all:
            self.counts[key] += 1
            return self.counts[key] == 1

    def handle_news(self, topic, request, fl_ctx):
        dxo = from_shareable(request)
        who = request.get_peer_props()[ReservedKey.IDENTITY_NAME]
        if self._first(f"{who}/{dxo.data['id']}"):
            self.log_info(fl_ctx, "News {} from {}: {}".format(dxo.data["id"], who, dxo.data["text"]))
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
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        alive, lock = {me}, threading.Lock()

        def ask(n):
            reply = engine.send_aux_request([n], "ping", Shareable(), dl * 0.9, fl_ctx).get(n)
            if reply is not None and reply.get_return_code() == ReturnCode.OK:
                with lock:
                    alive.add(n)

        ts = [threading.Thread(target=ask, args=(c.name,), daemon=True) for c in engine.get_clients() if c.name != me]
        [t.start() for t in ts]
        until = time.monotonic() + dl * 0.75
        for t in ts:
            t.join(max(0, until - time.monotonic()))
        with lock:
            self.log_info(fl_ctx, f"Alive: {', '.join(sorted(alive))}")
        return make_reply(ReturnCode.OK)
