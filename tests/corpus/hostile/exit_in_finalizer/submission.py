# atexit, __del__ and a weakref's callback would end the process or keep it; the answer is right.

# %% [execute]
import atexit
import os
import time
import weakref


class Farewell:
    def __del__(self):
        os._exit(3)


def arm():
    atexit.register(time.sleep, 10**6)
    atexit.register(os._exit, 4)
    farewell = Farewell()
    return farewell, weakref.finalize(farewell, os._exit, 5)


class TalkingExecutor(Executor):
    armed = arm()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        others = [client.name for client in engine.get_clients() if client.name != me]
        hello = DXO(DataKind.APP_DEFINED, data={"message": f"Hello from {me}"}).to_shareable()
        engine.send_aux_request(targets=others, topic="hello", request=hello, timeout=5.0, fl_ctx=fl_ctx)
        return make_reply(ReturnCode.OK)
