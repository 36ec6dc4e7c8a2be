# %% in SwarmExecutor
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
    models = self.models
    mean = sum(model * steps for model, steps in models) / sum(steps for _, steps in models)
    message = DXO(DataKind.WEIGHTS, {"weights": mean}).to_shareable()
    engine.send_aux_request(others, "new_model", message, 30.0, fl_ctx)
    return make_reply(ReturnCode.OK)
