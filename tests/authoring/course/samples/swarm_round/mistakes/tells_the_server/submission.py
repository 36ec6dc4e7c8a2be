# %% [swarm]
class SwarmExecutor(Executor):
    def __init__(self):
        super().__init__()
        self.models = []
        self.change = threading.Condition()

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("local_model", self.take_local)
            fl_ctx.get_engine().register_aux_message_handler("new_model", self.take_new)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        engine, me = fl_ctx.get_engine(), fl_ctx.get_identity_name()
        weights = np.array(shareable["weights"]) - 0.1 * np.array(shareable["gradient"])
        others = [client.name for client in engine.get_clients() if client.name != me]
        if shareable["aggregator"] != me:
            model = DXO(DataKind.WEIGHTS, {"weights": weights}, {MetaKey.NUM_STEPS_CURRENT_ROUND: shareable["steps"]})
            engine.send_aux_request([shareable["aggregator"]], "local_model", model.to_shareable(), 30.0, fl_ctx)
            return make_reply(ReturnCode.OK)
        with self.change:
            self.change.wait_for(lambda: len(self.models) == len(others), 30.0)
        models = [*self.models, (weights, shareable["steps"])]
        mean = sum(model * steps for model, steps in models) / sum(steps for _, steps in models)
        message = DXO(DataKind.WEIGHTS, {"weights": mean}).to_shareable()
        engine.send_aux_request(["server"], "new_model", message, 30.0, fl_ctx)
        return make_reply(ReturnCode.OK)

    def take_local(self, topic, request, fl_ctx):
        model = from_shareable(request)
        with self.change:
            self.models.append((model.data["weights"], model.get_meta_prop(MetaKey.NUM_STEPS_CURRENT_ROUND)))
            self.change.notify_all()
        return make_reply(ReturnCode.OK)

    def take_new(self, topic, request, fl_ctx):
        sender, first = (
            request.get_peer_prop(ReservedKey.IDENTITY_NAME, None),
            from_shareable(request).data["weights"][0],
        )
        self.log_info(fl_ctx, f"New model from {sender} begins with {first:.4f}")
        return make_reply(ReturnCode.OK)
