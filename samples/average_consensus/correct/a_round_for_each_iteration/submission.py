# %% [exchange]
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field


@dataclass
class Round:
    values: dict = field(default_factory=dict)
    full: threading.Event = field(default_factory=threading.Event)


class ConsensusExecutor(Executor):
    """A round object for each iteration; one thread for each neighbour."""

    def __init__(self, initial_value):
        super().__init__()
        self.initial_value = initial_value
        self.x = initial_value
        self.rounds = {}
        self.lock = threading.Lock()
        self.table = {}

    def round(self, k):
        with self.lock:
            return self.rounds.setdefault(k, Round())

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.on_value)

    def on_value(self, topic, request, fl_ctx):
        d = from_shareable(request).data
        r = self.round(d["iteration"])
        with self.lock:
            r.values[fl_ctx.get_peer_context().get_identity_name()] = d["value"]
            if self.table and set(r.values) >= set(self.table):
                r.full.set()
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        d = from_shareable(shareable).data
        if task_name == "config":
            self.table = {n["id"]: n["weight"] for n in d["neighbors"]}
            return make_reply(ReturnCode.OK)
        if task_name == "run_algorithm":
            engine = fl_ctx.get_engine()
            with ThreadPoolExecutor(len(self.table)) as pool:
                for k in range(d["iterations"]):
                    r = self.round(k)

                    def send(n):
                        m = DXO(DataKind.WEIGHTS, data={"value": self.x, "iteration": k}).to_shareable()
                        return engine.send_aux_request([n], "send_value", m, 10, fl_ctx)

                    list(pool.map(send, self.table))
                    if not r.full.wait(20):
                        return make_reply(ReturnCode.EXECUTION_EXCEPTION)
                    self.x = (1 - sum(self.table.values())) * self.x + sum(
                        self.table[n] * v for n, v in r.values.items()
                    )
            self.log_info(fl_ctx, f"Consensus after {d['iterations']} iterations: {self.x:.4f}")
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)


# %% [metropolis]
class ConsensusController(PlainController):
    """broadcast with one task per site, wait by callbacks"""

    def __init__(self, graph, iterations):
        super().__init__()
        self.graph, self.iterations = graph, iterations
        self.done = threading.Semaphore(0)

    def control_flow(self, abort_signal, fl_ctx):
        degree = {s: len(n) for s, n in self.graph.items()}
        for s, ns in self.graph.items():
            dxo = DXO(
                DataKind.APP_DEFINED,
                data={"neighbors": [{"id": n, "weight": 1.0 / (max(degree[s], degree[n]) + 1)} for n in ns]},
            )
            self.send(Task("config", dxo.to_shareable(), timeout=30, task_done_cb=self.is_done), fl_ctx, targets=[s])
        end = time.time() + 40
        for _ in self.graph:
            if not self.done.acquire(timeout=max(0.1, end - time.time())):
                return
        task = Task(
            "run_algorithm", DXO(DataKind.APP_DEFINED, data={"iterations": self.iterations}).to_shareable(), timeout=100
        )
        self.broadcast(task, fl_ctx, targets=list(self.graph), min_responses=len(self.graph))
        end = time.time() + 120
        while task.completion_status is None and time.time() < end and not abort_signal.triggered:
            time.sleep(0.05)

    def is_done(self, task, fl_ctx):
        self.done.release()


# %% [survive]
class RobustExecutor(ConsensusExecutor):
    """Fire and forget, waits per neighbour on queues keyed by iteration."""

    def __init__(self, initial_value, patience):
        super().__init__(initial_value)
        self.patience = patience
        self.got = {}
        self.cond = threading.Condition()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.note)

    def note(self, topic, request, fl_ctx):
        d = from_shareable(request).data
        with self.cond:
            self.got.setdefault(d["iteration"], {})[request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)] = d["value"]
            self.cond.notify_all()
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        d = from_shareable(shareable).data
        if task_name == "config":
            self.w = {n["id"]: n["weight"] for n in d["neighbors"]}
            return make_reply(ReturnCode.OK)
        if task_name != "run_algorithm":
            return make_reply(ReturnCode.TASK_UNKNOWN)
        alive = set(self.w)
        x = self.initial_value if hasattr(self, "initial_value") else self.value
        for k in range(d["iterations"]):
            t0 = time.monotonic()
            if alive:
                fl_ctx.get_engine().send_aux_request(
                    sorted(alive),
                    "send_value",
                    DXO(DataKind.WEIGHTS, data={"value": x, "iteration": k}).to_shareable(),
                    0,
                    fl_ctx,
                )
            with self.cond:
                while not alive <= set(self.got.get(k, {})):
                    left = t0 + self.patience - time.monotonic()
                    if left <= 0 or not self.cond.wait(left):
                        break
                here = dict(self.got.get(k, {}))
            for n in sorted(alive - set(here)):
                self.logger.info(f"Lost {n} at iteration {k}")
            alive &= set(here)
            x = x + sum(self.w[n] * (here[n] - x) for n in alive)
        self.logger.info(f"Consensus after {d['iterations']} iterations: {x:.6f}")
        return make_reply(ReturnCode.OK)
