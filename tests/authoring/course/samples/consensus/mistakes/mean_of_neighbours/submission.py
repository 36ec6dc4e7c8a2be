# %% [average]
class ConsensusExecutor(Executor):
    def __init__(self):
        super().__init__()
        self.arrived = {}
        self.change = threading.Condition()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("value", self.take)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        neighbours, value = shareable["neighbours"], np.array(shareable["value"])
        for number in range(shareable["rounds"]):
            message = DXO(DataKind.WEIGHTS, data={"value": value, "round": number}).to_shareable()
            fl_ctx.get_engine().send_aux_request(neighbours, "value", message, 30.0, fl_ctx)
            with self.change:
                self.change.wait_for(lambda: all((number, one) in self.arrived for one in neighbours), 30.0)
            received = [self.arrived[number, one] for one in neighbours]
            value = value + (sum(received) / len(received) - value)
        self.log_info(fl_ctx, f"Agreed on {value[0]:.5f}")
        return make_reply(ReturnCode.OK)

    def take(self, topic, request, fl_ctx):
        sender, data = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), from_shareable(request).data
        with self.change:
            self.arrived[data["round"], sender] = data["value"]
            self.change.notify_all()
        return make_reply(ReturnCode.OK)
