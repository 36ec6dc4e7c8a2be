# A message to the server claims a sender that is no name but an array, at which a part of the course could fail.

# %% [execute]
import numpy


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        fl_ctx.get_all_public_props = lambda: {"__identity_name__": numpy.array([1, 2])}
        fl_ctx.get_engine().send_aux_request(["server"], "any", Shareable(), 1.0, fl_ctx)
        del fl_ctx.get_all_public_props
        return make_reply(ReturnCode.OK)
