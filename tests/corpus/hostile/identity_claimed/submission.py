# The site says that it is the server, in its messages and in what NVFlare adds to them; the wire knows better.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        others = sorted({"site-0", "site-1", "site-2"} - {fl_ctx.get_identity_name()})
        claimed = {**fl_ctx.get_all_public_props(), ReservedKey.IDENTITY_NAME: "server"}
        fl_ctx.get_all_public_props = lambda: claimed
        hello = DXO(DataKind.APP_DEFINED, data={"message": "Hello from server"}).to_shareable()
        engine = fl_ctx.get_engine()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        del fl_ctx.get_all_public_props
        return make_reply(ReturnCode.OK)
