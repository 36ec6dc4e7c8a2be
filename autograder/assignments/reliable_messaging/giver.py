"""The controller of the runs for grading. It does what the notebook's does, and then lets sites say something."""

import math
from typing import Any

from nvflare.apis.dxo import DXO, DataKind
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Task
from nvflare.apis.signal import Signal

from autograder.simulator.parties.conducting import Conductor
from autograder.simulator.parties.context import this_party
from autograder.simulator.parties.lines import Lines

_BEYOND = 8.0
"""Seconds on an idle machine for which a result is waited for after twice the deadline."""


class NewsGiver(Conductor):
    """Gives all sites tasks, one after another, then lets them say something.

    The deadlines are seconds of a clock, on any machine, as they are in the notebook.

    Args:
        tasks: each the ``task`` and its ``data``.
        turns: as in `Conductor`.
    """

    def __init__(self, tasks: list[dict[str, Any]], turns: list[dict[str, Lines]] | None = None) -> None:
        super().__init__(turns or [])
        self._tasks = tasks

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Give the tasks, wait for the results of each, and let the sites speak."""
        for given in self._tasks:
            if abort_signal.triggered:
                return
            data = DXO(DataKind.APP_DEFINED, data=given["data"]).to_shareable()
            timeout = math.ceil(2 * given["data"]["deadline"] + this_party().time_scale.allow(_BEYOND))
            task = Task(name=given["task"], data=data, timeout=timeout)
            self.broadcast_and_wait(task, fl_ctx, min_responses=0, abort_signal=abort_signal)
        super().control_flow(abort_signal, fl_ctx)
