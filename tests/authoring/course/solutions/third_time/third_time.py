"""The model answer of ``third_time``."""

# %% [notebook]
from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import make_reply


# %% [buy]
class BuyingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for shop in shareable["shops"]:
            self.buy(shop, shareable["goods"], fl_ctx)
        return make_reply(ReturnCode.OK)

    def buy(self, shop, goods, fl_ctx):
        order = DXO(DataKind.APP_DEFINED, data={"message": goods})
        for attempt in range(1, 6):
            replies = fl_ctx.get_engine().send_aux_request([shop], "order", order.to_shareable(), 2.0, fl_ctx)
            if replies[shop].get_return_code() == ReturnCode.OK:
                self.log_info(fl_ctx, f"{shop}: answer to message {attempt}")
                return
        self.log_info(fl_ctx, f"{shop}: gave up after 5 messages")
