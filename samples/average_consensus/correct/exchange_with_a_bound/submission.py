# %% [exchange]
import asyncio


class ConsensusExecutor(Executor):
    """Asyncio in execute; exchange with a patience argument."""

    def __init__(self, initial_value: float) -> None:
        super().__init__()
        self.initial_value = initial_value
        self.value = initial_value
        self.inbox = {}
        self.neighbors = []
        self.on_missing = None

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="send_value", message_handle_func=self.received)

    def received(self, topic, request, fl_ctx):
        dxo = from_shareable(request)
        self.inbox[(dxo.data["iteration"], request.get_peer_prop(ReservedKey.IDENTITY_NAME, ""))] = dxo.data["value"]
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        handler = getattr(self, "do_" + task_name, None)
        if handler is None:
            return make_reply(ReturnCode.TASK_UNKNOWN)
        return handler(from_shareable(shareable).data, fl_ctx)

    def do_config(self, data, fl_ctx):
        self.neighbors = list(data["neighbors"])
        return make_reply(ReturnCode.OK)

    def do_run_algorithm(self, data, fl_ctx):
        for k in range(data["iterations"]):
            got = asyncio.run(self.exchange(k, fl_ctx, self.bound()))
            self.lost([n["id"] for n in self.neighbors if n["id"] not in got], k, fl_ctx)
            self.value += sum(n["weight"] * (got[n["id"]] - self.value) for n in self.neighbors)
        self.log_info(fl_ctx, f"Consensus after {data['iterations']} iterations: {self.value}")
        return make_reply(ReturnCode.OK)

    def bound(self):
        return 15

    def lost(self, names, k, fl_ctx):
        if names:
            raise RuntimeError(f"no value of {names}")

    async def exchange(self, k, fl_ctx, bound):
        names = [n["id"] for n in self.neighbors]
        end = time.monotonic() + bound
        if names:
            msg = DXO(DataKind.WEIGHTS, data={"value": float(self.value), "iteration": k})
            sending = asyncio.ensure_future(
                asyncio.to_thread(
                    fl_ctx.get_engine().send_aux_request, names, "send_value", msg.to_shareable(), bound, fl_ctx
                )
            )
        while time.monotonic() < end and not all((k, n) in self.inbox for n in names):
            await asyncio.sleep(0.01)
        if names:
            await sending
        return {n: self.inbox[k, n] for n in names if (k, n) in self.inbox}


# %% [survive]
class RobustExecutor(ConsensusExecutor):
    def __init__(self, initial_value: float, patience: float) -> None:
        super().__init__(initial_value)
        self.patience = patience

    def bound(self):
        return self.patience

    def lost(self, names, k, fl_ctx):
        for name in names:
            self.log_info(fl_ctx, f"Lost {name} at iteration {k}")
        self.neighbors = [n for n in self.neighbors if n["id"] not in names]


# %% [metropolis]
class ConsensusController(PlainController):
    """send_and_wait for each in threads."""

    def __init__(self, graph, iterations):
        super().__init__()
        self.graph = graph
        self.iterations = iterations

    def control_flow(self, abort_signal, fl_ctx):
        threads = []
        for site, others in self.graph.items():
            w = [{"id": o, "weight": 1 / (1 + max(len(self.graph[o]), len(others)))} for o in others]
            task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data={"neighbors": w}).to_shareable(), timeout=20)
            threads.append(
                threading.Thread(
                    target=self.broadcast_and_wait,
                    kwargs={
                        "task": task,
                        "targets": [site],
                        "min_responses": 1,
                        "fl_ctx": fl_ctx,
                        "abort_signal": abort_signal,
                    },
                )
            )
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        task = Task(
            name="run_algorithm",
            data=DXO(DataKind.APP_DEFINED, data={"iterations": self.iterations}).to_shareable(),
            timeout=60,
        )
        self.broadcast_and_wait(
            task=task,
            targets=sorted(self.graph),
            min_responses=len(self.graph),
            fl_ctx=fl_ctx,
            abort_signal=abort_signal,
        )
