# %% in RobustExecutor
def swap(self, iteration: int, fl_ctx: FLContext) -> dict[str, float]:
    """Send the own value to the neighbours that are left, and return what came of them within the patience."""
    until = time.monotonic() + self.patience
    replies = {}
    if self.told:
        message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.number, "iteration": iteration})
        replies = fl_ctx.get_engine().send_aux_request(
            targets=list(self.told),
            topic="send_value",
            request=message.to_shareable(),
            timeout=self.patience,
            fl_ctx=fl_ctx,
        )
    with self.came_in:
        self.came_in.wait_for(
            lambda: all((name, iteration) in self.came for name in self.told), max(0.0, until - time.monotonic())
        )
        alive = [name for name in self.told if replies[name].get_return_code() == ReturnCode.OK]
        return {name: self.came[name, iteration] for name in alive if (name, iteration) in self.came}
