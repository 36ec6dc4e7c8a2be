"""Checks of what is sent, and their findings on classes that send, for hints that depend on how a class is written."""

import textwrap
from dataclasses import replace
from typing import Any

from autograder.rubric import sending as checks
from autograder.rubric.model import Check, RunEvidence
from autograder.simulator.scenario import Part
from tests.unit.rubric.evidence import STUDENT, Judged, judged, line, message, numbered

REACHES = checks.reaches_everyone("a", "A", 1)
ONCE = checks.reaches_each_once("b", "B", 1)
SAYS = checks.says("c", "C", 1)
RETURNS = checks.returns_ok("d", "D", 1)

RIGHT = (message(STUDENT, "site-0"), message(STUDENT, "site-2"))
SEND = 'e.send_aux_request(targets=to, topic="hello", request=dxo.to_shareable(), timeout=5.0)'


def finding(check: Check, run: RunEvidence, body: str) -> Judged:
    """What a check finds of a run of a class whose ``execute`` has this body, from line 3 on."""
    head = "class Class(Executor):\n    def execute(self, task_name, shareable, fl_ctx, abort_signal):\n"
    part = Part("module", "Class", {"module": head + textwrap.indent(body, " " * 8)})
    executors = {**run.scenario.executors, STUDENT: part}
    return judged(check, RunEvidence(replace(run.scenario, executors=executors), run.evidence, numbered))


def log(text: str) -> dict[str, Any]:
    return {"lines": (line(STUDENT, text, "ERROR", origin="nvflare.x"),)}
