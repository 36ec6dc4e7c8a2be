"""Checks of what the student's sites answer to tasks, whatever else they do."""

from collections.abc import Sequence

from autograder.rubric.hints import passed
from autograder.rubric.model import Check, Finding, RunEvidence
from autograder.rubric.sending import wrong_result

_EXPECTED = "a reply with the return code OK to every task"


def return_ok(name: str, title: str, points: float) -> Check:
    """Pass when each of the student's sites that are asked to answered every task with ``OK``, and at least one.

    It asks for nothing that is sent, so a stub that returns ``OK`` passes it: let it be worth little, or ask for
    `autograder.rubric.sending.returns_ok`.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        sites = [
            (run, site)
            for run in played
            for site in sorted(run.scenario.students & run.scenario.executors.keys())
            if run.scenario.owes_result(site)
        ]
        # A site whose process ended may be the reason for which another one is still waiting.
        for run, site in sorted(sites, key=lambda one: one[1] not in one[0].evidence.ended):
            if finding := wrong_result(run, site):
                return finding
        return passed(sites, _EXPECTED, "OK")

    return Check(name, title, points, judge)
