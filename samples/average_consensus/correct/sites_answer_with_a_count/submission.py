# %% [exchange]
def read_value(request):
    dxo = from_shareable(request)
    return request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), dxo.data["iteration"], dxo.data["value"]


def averaged(own, theirs, weights):
    return own + sum(weights[name] * (theirs[name] - own) for name in weights)


class ConsensusExecutor(Executor):
    def __init__(self, initial_value: float) -> None:
        super().__init__()
        self.history = [initial_value]
        self.rounds = {}
        self.weights = {}
        self.lock = threading.Lock()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.received)

    def received(self, topic, request, fl_ctx):
        sender, iteration, value = read_value(request)
        with self.lock:
            self.round(iteration)[0][sender] = value
            if self.weights and len(self.round(iteration)[0]) == len(self.weights):
                self.round(iteration)[1].set()
        return make_reply(ReturnCode.OK)

    def round(self, iteration):
        return self.rounds.setdefault(iteration, ({}, threading.Event()))

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        data = from_shareable(shareable).data
        if task_name == "config":
            self.weights = {one["id"]: one["weight"] for one in data["neighbors"]}
        elif task_name == "run_algorithm":
            for iteration in range(data["iterations"]):
                with self.lock:
                    theirs, complete = self.round(iteration)
                dxo = DXO(DataKind.WEIGHTS, data={"value": self.history[-1], "iteration": iteration})
                fl_ctx.get_engine().send_aux_request([*self.weights], "send_value", dxo.to_shareable(), 10.0, fl_ctx)
                if not complete.wait(15):
                    return make_reply(ReturnCode.EXECUTION_EXCEPTION)
                self.history.append(averaged(self.history[-1], theirs, self.weights))
            self.log_info(fl_ctx, f"Consensus after {data['iterations']} iterations: {self.history[-1]}")
        else:
            return make_reply(ReturnCode.TASK_UNKNOWN)
        return make_reply(ReturnCode.OK)
