# %% in ExchangingExecutor
def answer(self, topic, request, fl_ctx):
    return make_reply(ReturnCode.OK)
