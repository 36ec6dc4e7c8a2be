"""The course's own parties of this assignment. A run gets this file as a module: it imports nothing beside it.

None is a model answer: `TaskSeries` hands out what it is given, and neither a `Listener` nor a `Mortal` averages.
"""

import json
import threading
import time
from typing import Any

from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller, Task
from nvflare.apis.shareable import ReservedHeaderKey, Shareable, make_reply
from nvflare.apis.signal import Signal

from autograder.simulator.parties.context import this_party

TASK_TIMEOUT = 20.0
"""Seconds after which a site's ``execute`` is no longer waited for, on an idle machine."""
OTHERS = 6.0
"""Seconds for which a `Listener` waits for the others, on an idle machine."""
IDLE = 1.0
"""Seconds after which a site that is not given a task believes that it is not to begin yet, on an idle machine."""
LOOKS = 2
"""How often it has to have asked for one by then."""
_POLL = 0.02
_STALL = 0.25
"""Seconds between two looks after which the server says that it was held up."""


class TaskSeries(Controller):  # type: ignore[misc]  # nvflare ships no types
    """Gives each site tasks with data, one after the other, and waits for all results before the next one.

    It says in its log when it was held up, and until when: where nothing goes on at all, it is held up as well.

    Args:
        turns: pairs of a task's name and its data for each site.
    """

    def __init__(self, turns: list[tuple[str, dict[str, Any]]]) -> None:
        super().__init__()
        self._turns = turns

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Give out the tasks of each turn, and wait for all who are alive."""
        for name, data_by_site in self._turns:
            tasks = {}
            for site, data in data_by_site.items():
                shareable = DXO(DataKind.APP_DEFINED, data=data).to_shareable()
                tasks[site] = Task(name=name, data=shareable, timeout=int(this_party().time_scale.allow(TASK_TIMEOUT)))
                self.send(task=tasks[site], targets=[site], fl_ctx=fl_ctx)
            looked = time.time()
            while any(task.completion_status is None for task in tasks.values()) and not abort_signal.triggered:
                before, looked = looked, time.time()
                if looked - before > _STALL:
                    self.log_info(fl_ctx, f"held up: {before:.3f} {looked:.3f}")
                for site, task in tasks.items():
                    if task.completion_status is None and this_party().clients[site].poll() is not None:
                        self.cancel_task(task, fl_ctx=fl_ctx)
                time.sleep(_POLL)


class Listener(Executor):  # type: ignore[misc]
    """Logs what the server tells it, and finds out whether the server waits when it has to.

    For each task one site is slow. That of ``config`` answers it last: only when every other one has asked for its next
    task in vain, or has been told to begin too early. On ``run_algorithm`` every site says ``begun`` to all others, and
    waits for them. When all have begun, the slow one of this task is the last to answer it.

    Args:
        sites: all of them.
        slow: for each task, which of them is.
    """

    def __init__(self, sites: list[str], slow: dict[str, str]) -> None:
        super().__init__()
        self._sites = frozenset(sites)
        self._slow = slow
        self._name = ""
        self._looks = 0
        self._since = 0.0
        self._is_idle = False
        self._idle: set[str] = set()
        self._begun: set[str] = set()
        self._configured = False
        self._changed = threading.Condition()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register for what the others say, and tell the slow ones when there is no task for this site."""
        if event_type == EventType.START_RUN:
            self._name = fl_ctx.get_identity_name()
            for topic in ("begun", "idle"):
                fl_ctx.get_engine().register_aux_message_handler(topic=topic, message_handle_func=self._note)
        if event_type == EventType.BEFORE_PULL_TASK and self._configured and not self._is_idle:
            self._looks += 1
            self._is_idle = self._looks > LOOKS and time.monotonic() - self._since > this_party().time_scale.allow(IDLE)
            if self._is_idle and (told := sorted(set(self._slow.values()) - {self._name})):
                self._say("idle", told, fl_ctx)

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Log what the task says; the rest depends on it."""
        self.log_info(fl_ctx, f"{task_name}: {json.dumps(_told(shareable), default=str)[:4000]}")
        if not shareable.get_header(ReservedHeaderKey.MSG_ROOT_TTL):  # where NVFlare 2.9.0 writes the task's timeout
            self.log_info(fl_ctx, f"without timeout: {json.dumps(task_name)}")
        if task_name == "config":
            if self._name == self._slow[task_name]:
                self._wait_for(lambda: self._idle | self._begun)
            self._look_anew()
            return make_reply(ReturnCode.OK)
        if task_name == "run_algorithm":
            with self._changed:
                self._idle.clear()  # nobody is idle again before all have begun
            self._say("begun", sorted(self._sites - {self._name}), fl_ctx)
            have_all_begun = self._wait_for(lambda: self._begun)
            with self._changed:
                self.log_info(fl_ctx, f"together: {json.dumps(sorted(self._begun))}")
            if self._name == self._slow[task_name] and have_all_begun:
                self._wait_for(lambda: self._idle)
            self._look_anew()
            return make_reply(ReturnCode.OK)
        return make_reply(ReturnCode.TASK_UNKNOWN)

    def _look_anew(self) -> None:
        with self._changed:
            self._configured, self._since, self._looks, self._is_idle = True, time.monotonic(), 0, False

    def _wait_for(self, those: Any) -> bool:
        others, seconds = self._sites - {self._name}, this_party().time_scale.allow(OTHERS)
        with self._changed:
            return bool(self._changed.wait_for(lambda: those() >= others, seconds))

    def _note(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        with self._changed:
            (self._begun if topic == "begun" else self._idle).add(sender)
            self._changed.notify_all()
            if topic == "begun" and not self._configured:
                self.log_info(fl_ctx, f"too early: {json.dumps(sender)}")
        return make_reply(ReturnCode.OK)

    @staticmethod
    def _say(topic: str, receivers: list[str], fl_ctx: FLContext) -> None:
        message = DXO(DataKind.APP_DEFINED, data={"said": topic}).to_shareable()
        fl_ctx.get_engine().send_aux_request(receivers, topic, message, this_party().time_scale.allow(OTHERS), fl_ctx)


class Mortal(Executor):  # type: ignore[misc]
    """Sends numbers to its neighbours, one an iteration, and goes on when all have sent theirs, until its death.

    What it sends is no average of anything.

    Args:
        numbers: one for each iteration after the first.
        last: a neighbour that is sent a number when the others have it. So what that one does next, all can do.
    """

    def __init__(self, initial_value: float, numbers: list[float], last: str) -> None:
        super().__init__()
        self._last = last
        self._numbers = [initial_value, *numbers]
        self._neighbors: list[str] = []
        self._came: set[tuple[str, int]] = set()
        self._changed = threading.Condition()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register for the values of the neighbours."""
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="send_value", message_handle_func=self._note)

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Keep the neighbours of ``config``, or send numbers."""
        if task_name == "config":
            self._neighbors = [one["id"] for one in from_shareable(shareable).data["neighbors"]]
            return make_reply(ReturnCode.OK)
        for iteration, number in enumerate(self._numbers):
            others = [name for name in self._neighbors if name != self._last]
            for names, timeout in ((others, this_party().time_scale.allow(OTHERS)), ([self._last], 0.0)):
                message = DXO(DataKind.WEIGHTS, data={"value": number, "iteration": iteration}).to_shareable()
                fl_ctx.get_engine().send_aux_request(names, "send_value", message, timeout, fl_ctx)
            self._wait_for({(name, iteration) for name in self._neighbors})
        return make_reply(ReturnCode.OK)

    def _wait_for(self, those: set[tuple[str, int]]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: those <= self._came, this_party().time_scale.allow(OTHERS))

    def _note(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        with self._changed:
            sender, data = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), from_shareable(request).data
            self._came.add((sender, data.get("iteration")))
            self._changed.notify_all()
        return make_reply(ReturnCode.OK)


def _told(shareable: Shareable) -> Any:
    """Return the kind and the data of a task's DXO; None where there is none."""
    try:
        dxo = from_shareable(shareable)
    except Exception:  # a server that is a student's sends anything
        return None
    return {"kind": str(getattr(dxo.data_kind, "value", dxo.data_kind)), "data": dxo.data}
