# NVFlare's own line on a registered handler is forged, and dispatch never answers; there is no handler.

# %% [handle_event]
import logging
import threading

from nvflare.private.aux_runner import AuxRunner

dispatch = AuxRunner.dispatch


def never(runner, topic, request, fl_ctx):
    if topic == "hello":
        threading.Event().wait()
    return dispatch(runner, topic=topic, request=request, fl_ctx=fl_ctx)


class P2PExecutor(TalkingExecutor):
    AuxRunner.dispatch = never

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            logging.getLogger("nvflare.private.aux_runner.AuxRunner").info("registered aux handler for topic hello")
