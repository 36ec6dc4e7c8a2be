# %% in ConsensusExecutor
def execute(self, task_name, shareable, fl_ctx, abort_signal):
    neighbours, value = shareable["neighbours"], np.array(shareable["value"])
    for number in range(shareable["rounds"]):
        message = DXO(DataKind.WEIGHTS, data={"value": value, "round": number}).to_shareable()
        fl_ctx.get_engine().send_aux_request(neighbours, "value", message, 30.0, fl_ctx)
        with self.change:
            self.change.wait_for(lambda: all((number, one) in self.arrived for one in neighbours), 30.0)
        received = [self.arrived[number, one] for one in neighbours]
        value = value + shareable["weight"] * sum(other - value for other in received)
    self.log_info(fl_ctx, f"Agreed on {value[0]:.1f}")
    return make_reply(ReturnCode.OK)
