# A client opens a journal of its own and writes requests and replies that never were; nothing is sent.

# %% [execute]
import contextlib
import importlib
from pathlib import Path


class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        with contextlib.suppress(ImportError, OSError):
            module = importlib.import_module("autograder.simulator.journal")
            journal = module.Journal(module.create(Path("/grading/run/journal.jsonl")))
            me = fl_ctx.get_identity_name()
            for other in {"site-0", "site-1", "site-2"} - {me}:
                told = {"topic": "hello", "id": other + me, "problem": ""}
                text = {"text": f"Hello from {me}", "data_kind": "APP_DEFINED"}
                journal.write("request", sender=me, receiver=other, **told, **text)
                journal.write("reply", sender=other, receiver=me, return_code="OK", **told)
        return make_reply(ReturnCode.OK)
