# Messages besides the right ones, on topics that look like NVFlare's own and the course's: no hiding place.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=2.0, fl_ctx=fl_ctx)
        for topic in ("__hello", "__task_check__", "RM.hello", "fed.event.hello", "_course.hello"):
            engine.send_aux_request(targets=others, topic=topic, request=hello, timeout=1.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
