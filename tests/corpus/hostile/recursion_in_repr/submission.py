# An object whose repr, str and comparison never end is logged; the answer is right.

# %% [execute]
import contextlib


class Mirror:
    def __repr__(self):
        return f"<{self!r}>"

    def __eq__(self, other):
        return self == other

    __str__, __hash__ = __repr__, None


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for trial in (lambda: self.logger.info("%s", Mirror()), lambda: Mirror() == Mirror()):
            with contextlib.suppress(RecursionError):
                trial()
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
