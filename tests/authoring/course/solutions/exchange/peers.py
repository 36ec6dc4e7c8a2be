"""The stations among the sites of ``exchange``."""

from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.shareable import make_reply


class Station(Executor):
    """Asks for the readings of each day, and answers with its own."""

    def __init__(self, readings):
        """Keep a list of readings, one for each day."""
        super().__init__()
        self.readings = readings

    def handle_event(self, event_type, fl_ctx):
        """Register for requests."""
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("reading", self.answer)

    def answer(self, topic, request, fl_ctx):
        """Answer with the reading of the day."""
        return self.of_day(from_shareable(request).data["day"])

    def of_day(self, day):
        """Return a message with the reading of a day."""
        return DXO(DataKind.APP_DEFINED, data={"day": day, "reading": self.readings[day]}).to_shareable()

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        """Ask for the readings, whatever comes back."""
        for day in range(len(self.readings)):
            fl_ctx.get_engine().send_aux_request([shareable["neighbour"]], "reading", self.of_day(day), 30.0, fl_ctx)
        return make_reply(ReturnCode.OK)
