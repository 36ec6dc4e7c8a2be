# %% [report]
from nvflare.apis.fl_constant import SiteType


class ReportingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        own_name = fl_ctx.get_identity_name()
        self.tell(SiteType.SERVER, f"Ready: {own_name}", fl_ctx)
        return make_reply(ReturnCode.OK)

    def tell(self, whom, text, fl_ctx):
        request = DXO(data_kind=DataKind.APP_DEFINED, data={"message": text}).to_shareable()
        fl_ctx.get_engine().send_aux_request([whom], "status", request, 5.0, fl_ctx)
