# Logs the source of what it builds on.

# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        return make_reply(ReturnCode.OK)


# %% [handle_event]
import inspect


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            for line in inspect.getsource(TalkingExecutor).splitlines():
                self.log_info(fl_ctx, line)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        for line in inspect.getsource(P2PExecutor).splitlines():
            self.log_info(fl_ctx, line)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    pass
