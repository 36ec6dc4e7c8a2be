# The own process says that a part of the course's own has failed there; nothing is sent, and that is judged.

# %% [execute]
import contextlib
import importlib


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(ImportError):
            party = importlib.import_module("autograder.simulator.parties.context").this_party()
            party.journal.write("course failed", error="KeyError: 'x'")
        return make_reply(ReturnCode.OK)
