# %% in ExchangingExecutor
def answer(self, topic, request, fl_ctx):
    message = from_shareable(request)
    return message.to_shareable()
