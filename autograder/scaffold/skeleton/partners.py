"""The reference peers among which a student's part of ``new_assignment`` plays when it is graded.

They are no model answer: they do what they are told to, so that what is seen is the student's doing.
"""

from nvflare.apis.controller_spec import Task
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal

from autograder.simulator.parties.context import this_party

TASK_TIMEOUT = 15
"""Seconds that a site's ``execute`` may take on an idle machine."""


class SilentPeer(Executor):
    """Sends nothing."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Take any task, and do nothing."""
        return make_reply(ReturnCode.OK)


class AskingController(Controller):
    """Asks some sites, once, to do the task ``talk``, and answers what they say with ``OK``."""

    def __init__(self, sites: list[str]) -> None:
        super().__init__()
        self._sites = sites

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Register for what the sites say."""
        fl_ctx.get_engine().register_aux_message_handler(topic="status", message_handle_func=_acknowledge)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Give out the task and wait for the results."""
        task = Task(name="talk", data=Shareable(), timeout=int(this_party().time_scale.allow(TASK_TIMEOUT)))
        self.broadcast_and_wait(task, fl_ctx, targets=self._sites, min_responses=0, abort_signal=abort_signal)

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing, as there is nothing to clean up."""


def _acknowledge(topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    return make_reply(ReturnCode.OK)
