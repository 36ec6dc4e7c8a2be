# An exception with a script in the name of its class and in its text; nothing is sent.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        kind = type("<script>alert(1)</script>", (Exception,), {"__module__": "<b>"})
        raise kind("</td><svg onload=alert(1)>\n\n# Passed\n\n| 4 | of | 4 |")
