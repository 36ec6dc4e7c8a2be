# %% [exchange]
import queue


class ConsensusExecutor(Executor):
    def __init__(self, initial_value):
        super().__init__()
        self.x = initial_value
        self.neighbors, self.queues = [], {}

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for client in fl_ctx.get_engine().get_clients():
                self.queues[client.name] = queue.Queue()
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.on_value)

    def on_value(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.queues[sender].put(from_shareable(request).data["value"])
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        data = from_shareable(shareable).data
        if task_name == "config":
            self.neighbors = data["neighbors"]
            return make_reply(ReturnCode.OK)
        names = [one["id"] for one in self.neighbors]
        for k in range(data["iterations"]):
            message = DXO(DataKind.WEIGHTS, data={"value": self.x, "iteration": k}).to_shareable()
            fl_ctx.get_engine().send_aux_request(names, "send_value", message, 10.0, fl_ctx)
            new = self.x * (1.0 - sum(one["weight"] for one in self.neighbors))
            for one in self.neighbors:
                new += one["weight"] * self.queues[one["id"]].get(timeout=10)
            self.x = new
        self.log_info(fl_ctx, f"Consensus after {data['iterations']} iterations: {self.x:.6f}")
        return make_reply(ReturnCode.OK)
