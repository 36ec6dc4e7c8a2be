# %% in RobustExecutor
def swap(self, iteration, fl_ctx):
    until = time.monotonic() + self.patience
    if self.told:
        message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.number, "iteration": iteration})
        fl_ctx.get_engine().send_aux_request(
            list(self.told), "send_value", message.to_shareable(), self.patience, fl_ctx
        )
    with self.came_in:
        complete = self.came_in.wait_for(
            lambda: all((name, iteration) in self.came for name in self.told), max(0.0, until - time.monotonic())
        )
        return {name: self.came[name, iteration] for name in self.told} if complete else {}
