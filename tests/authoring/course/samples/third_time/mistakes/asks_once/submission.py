# %% in BuyingExecutor
def buy(self, shop, goods, fl_ctx):
    order = DXO(DataKind.APP_DEFINED, data={"message": goods})
    for attempt in range(1, 2):
        replies = fl_ctx.get_engine().send_aux_request([shop], "order", order.to_shareable(), 2.0, fl_ctx)
        if replies[shop].get_return_code() == ReturnCode.OK:
            self.log_info(fl_ctx, f"{shop}: answer to message {attempt}")
            return
    self.log_info(fl_ctx, f"{shop}: gave up after 5 messages")
