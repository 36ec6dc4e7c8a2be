# It averages nothing, and sends on what a neighbour has sent.

# %% [exchange]
class ConsensusExecutor(Executor):
    def __init__(self, initial_value):
        super().__init__()
        self.value = initial_value
        self.arrived = {}
        self.changed = threading.Condition()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("send_value", self.take)

    def take(self, topic, request, fl_ctx):
        data = from_shareable(request).data
        with self.changed:
            self.arrived[request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), data["iteration"]] = data["value"]
            self.changed.notify_all()
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        data = from_shareable(shareable).data
        if task_name == "config":
            self.names = [one["id"] for one in data["neighbors"]]
            return make_reply(ReturnCode.OK)
        for k in range(data["iterations"]):
            message = DXO(DataKind.WEIGHTS, data={"value": self.value, "iteration": k}).to_shareable()
            fl_ctx.get_engine().send_aux_request(self.names, "send_value", message, 5.0, fl_ctx)
            with self.changed:
                self.changed.wait_for(lambda: all((name, k) in self.arrived for name in self.names), 10)
                self.value = self.arrived[min(self.names), k]
        self.log_info(fl_ctx, f"Consensus after {data['iterations']} iterations: {self.value}")
        return make_reply(ReturnCode.OK)
