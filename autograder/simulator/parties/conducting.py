"""The course's own controllers and executor, with which scenarios are played without any code of a model answer.

A `TaskGiver` gives the student's sites a task. A `Conductor` lets sites say something: each site's `SiteMonitor` sends
it, so a student's handlers get messages from clients while the student's own executor is asked for nothing. A `Speaker`
is a site of the course's that says something when it is given a task. What is said is a list of lines: see
`autograder.simulator.parties.lines`.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from nvflare.apis.dxo import DXO
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller, Task
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal

from autograder.simulator.parties.context import this_party
from autograder.simulator.parties.lines import Line, Lines
from autograder.simulator.scenario import COURSE_TOPIC_PREFIX

SAY_TOPIC = f"{COURSE_TOPIC_PREFIX}say"
"""The topic on which a `Conductor` sends a site the lines that it is to say."""
LINES = "lines"
"""Under this key of the request."""

REPLY_TIMEOUT = 5.0
"""Seconds for which a reply to a line is waited for, on an idle machine."""
TASK_TIMEOUT = 15.0
"""Seconds after which the server no longer waits for a site's ``execute``, on an idle machine."""

_POLL = 0.02
"""Seconds between two looks at whether a task is done."""


def say(lines: Lines, fl_ctx: FLContext) -> None:
    """Send all lines at the same moment, and return when each was answered or its time is up."""
    engine = fl_ctx.get_engine()

    def send(line: Line) -> None:
        message = DXO(data_kind=line["kind"], data=line["data"]).to_shareable()
        timeout = this_party().time_scale.allow(REPLY_TIMEOUT)
        engine.send_aux_request([line["receiver"]], line["topic"], message, timeout, fl_ctx)

    with ThreadPoolExecutor(len(lines) or 1) as pool:
        list(pool.map(send, lines))


class _Controller(Controller):  # type: ignore[misc]  # nvflare ships no types
    def start_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Do nothing."""


class TaskGiver(_Controller):
    """Gives sites a task, once, and waits for the results.

    Args:
        task: the task's name.
        acknowledges: topics of which the server answers every message with ``OK``, and does nothing else about it.
        data: the items of the task of each site that gets one, by the site's name; all sites get one without items when
            None.
        timeout: seconds after which the results are waited for no longer, on an idle machine.
    """

    def __init__(
        self,
        task: str,
        acknowledges: list[str] | None = None,
        data: dict[str, dict[str, Any]] | None = None,
        timeout: float = TASK_TIMEOUT,
    ) -> None:
        super().__init__()
        self._task = task
        self._acknowledges = acknowledges or []
        self._data = data
        self._timeout = timeout

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Register for the topics."""
        for topic in self._acknowledges:
            fl_ctx.get_engine().register_aux_message_handler(topic=topic, message_handle_func=acknowledge)

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Send the tasks and wait for all who are alive."""
        if self._data is None:
            given = [(self._give(None, {}, fl_ctx), set(this_party().clients))]
        else:
            given = [(self._give([site], items, fl_ctx), {site}) for site, items in self._data.items()]
        while (left := [one for one in given if one[0].completion_status is None]) and not abort_signal.triggered:
            for task, sites in left:
                if _is_done_but_for_the_dead(task, sites):
                    self.cancel_task(task, fl_ctx=fl_ctx)
            time.sleep(_POLL)

    def _give(self, sites: list[str] | None, items: dict[str, Any], fl_ctx: FLContext) -> Task:
        data = Shareable()
        data.update(items)
        task = Task(name=self._task, data=data, timeout=int(this_party().time_scale.allow(self._timeout)))
        self.broadcast(task=task, targets=sites, min_responses=0, fl_ctx=fl_ctx)
        return task


def _is_done_but_for_the_dead(task: Task, sites: set[str]) -> bool:
    dead = {site for site, process in this_party().clients.items() if process.died}
    done = {to.client.name for to in task.client_tasks if to.result_received_time}
    return bool(dead) and sites <= dead | done


def acknowledge(topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
    """Answer a message with ``OK``, and do nothing else about it."""
    return make_reply(ReturnCode.OK)


class Conductor(TaskGiver):
    """Lets sites say something, turn by turn, within a turn all at the same moment; may give each a task in between.

    Args:
        turns: each a site's name to its lines.
        task: as in `TaskGiver`; empty for none.
        task_after: how many turns come before the task; all of them when None.
    """

    def __init__(self, turns: list[dict[str, Lines]], task: str = "", task_after: int | None = None) -> None:
        super().__init__(task)
        self._before, self._after = turns[:task_after], turns[len(turns[:task_after]) :]

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Let the sites speak, and wait until they have; send the task in its turn, and wait for all who are alive."""
        self._let_speak(self._before, abort_signal, fl_ctx)
        if self._task and not abort_signal.triggered:
            super().control_flow(abort_signal, fl_ctx)
        self._let_speak(self._after, abort_signal, fl_ctx)

    def _let_speak(self, turns: list[dict[str, Lines]], abort_signal: Signal, fl_ctx: FLContext) -> None:
        for turn in turns:
            if abort_signal.triggered:
                return
            with ThreadPoolExecutor(len(turn) or 1) as pool:
                list(pool.map(partial(_let_say, fl_ctx), turn, turn.values()))


def _let_say(fl_ctx: FLContext, site: str, lines: Lines) -> None:
    request = Shareable()
    request[LINES] = lines
    timeout = 2 * this_party().time_scale.allow(REPLY_TIMEOUT)  # a site waits for its replies before it answers
    fl_ctx.get_engine().send_aux_request([site], SAY_TOPIC, request, timeout, fl_ctx)


class Speaker(Executor):  # type: ignore[misc]
    """Says its lines on its task, turn by turn, and knows no other one.

    Args:
        turns: lists of lines; those of one are sent at the same moment.
        task: the task's name; empty for any.
    """

    def __init__(self, turns: list[Lines], task: str = "") -> None:
        super().__init__()
        self._turns = turns
        self._task = task

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Say all of it."""
        if self._task not in ("", task_name):
            return make_reply(ReturnCode.TASK_UNKNOWN)
        for lines in self._turns:
            say(lines, fl_ctx)
        return make_reply(ReturnCode.OK)
