# %% [report]
class ReportingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        self.log_info(fl_ctx, "My share is 0.333")
        for _ in range(5):
            request = DXO(data_kind=DataKind.APP_DEFINED, data={"site": "site-1", "share": 1 / 3}).to_shareable()
            answers = fl_ctx.get_engine().send_aux_request(["server"], "status", request, 2.0, fl_ctx)
            if answers["server"].get_return_code() == ReturnCode.OK:
                break
        return make_reply(ReturnCode.OK)
