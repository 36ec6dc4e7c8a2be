"""The model answer of ``exchange``."""

# %% [notebook]
import numpy as np
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor


# %% [exchange]
class ExchangingExecutor(Executor):
    def __init__(self, readings):
        super().__init__()
        self.readings = readings

    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("reading", self.answer)

    def execute(self, task_name, shareable, fl_ctx, abort_signal):
        neighbour, total = shareable["neighbour"], np.zeros(3)
        for day in range(len(self.readings)):
            replies = fl_ctx.get_engine().send_aux_request([neighbour], "reading", self.of_day(day), 30.0, fl_ctx)
            total += from_shareable(replies[neighbour]).data["reading"]
        return DXO(DataKind.METRICS, data={"sum": total}).to_shareable()

    def of_day(self, day):
        data = {"day": day, "reading": np.array(self.readings[day], dtype=float)}
        return DXO(DataKind.APP_DEFINED, data=data).to_shareable()

    def answer(self, topic, request, fl_ctx):
        return self.of_day(from_shareable(request).data["day"])
