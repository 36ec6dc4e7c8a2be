# %% [report]
class ReportingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        request = DXO(data_kind=DataKind.APP_DEFINED, data={"message": "Ready: site-1"}).to_shareable()
        fl_ctx.get_engine().send_aux_request(["server"], "status", request, 5.0, fl_ctx)
        return make_reply(ReturnCode.OK)
