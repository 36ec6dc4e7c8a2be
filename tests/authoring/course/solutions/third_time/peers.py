"""The shop among the sites of ``third_time``."""

from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import make_reply


class Shop(Executor):
    """Answers every order with ``OK``; the network decides which of them come."""

    def handle_event(self, event_type, fl_ctx):
        """Register for orders."""
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("order", self.take)

    def take(self, topic, request, fl_ctx):
        """Take an order."""
        return make_reply(ReturnCode.OK)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        """Do nothing."""
        return make_reply(ReturnCode.OK)
