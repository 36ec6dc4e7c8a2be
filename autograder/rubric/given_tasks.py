"""Finds what a student's controller has the course's own sites do, as these tell in their logs."""

from collections import Counter
from collections.abc import Iterator

from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, diagnosis
from autograder.rubric.code import Places
from autograder.rubric.model import Hint, RunEvidence
from autograder.simulator.nvflare_private import log_texts
from autograder.simulator.scenario import SERVER

_WORKFLOW = ("start_controller", "control_flow")
_GIVES = ("broadcast_and_wait", "broadcast", "send_and_wait", "send", "relay_and_wait", "relay", "control_flow")


def astray(run: RunEvidence, *sites: str) -> Hint | None:
    """Return why a site was not given the task that it does; None if it was, or if nobody was given any.

    Args:
        sites: those that are looked at; all that are the course's when none is named.
    """
    given = {site: diagnosis.tasks_of(run, site) for site in run.scenario.executors}
    if SERVER not in run.scenario.students or not any(given.values()):
        return None
    for site in sites or sorted(given.keys() - run.scenario.students):
        if lacking := [task for task in run.scenario.tasks_of(site) if task not in given.get(site, ())]:
            told, where = in_place_of_base(run)
            told = {"site": site, "asked": repr(lacking[0]), "given": " and ".join(map(repr, given[site])), **told}
            where = (*(code.calls(run, SERVER, "Task") or code.calls(run, SERVER, *_GIVES)), *where)
            name = "controller.other_task" if given[site] else "controller.left_out"
            return Hint(name, concepts.WORKFLOW, where, told, blocks=True)
    return None


def in_place_of_base(run: RunEvidence) -> tuple[dict[str, Datum], Places]:
    """Return the base of the student's controller, the method of it that is overridden, if any, and where."""
    base: dict[str, Datum] = {"base": code.base(run, SERVER)}
    if methods := code.in_place_of(run, SERVER, *_WORKFLOW):
        return {**base, "method": methods[0]}, code.definition(run, SERVER, methods[0])
    return base, ()


def done_again(run: RunEvidence) -> tuple[str, Hint] | None:
    """Return what was seen of a task that a site was given again when it had done it, and a hint; None if none was.

    A task whose result did not reach the server may be given once more.
    """
    sites = (site for site in sorted(run.scenario.executors) if site not in run.scenario.students)
    for site in sites:
        for task, times in Counter(_done(run, site)).items():
            if times > 1:
                where = code.calls(run, SERVER, *_GIVES, every=True)
                told: dict[str, Datum] = {"site": site, "task": task, "times": times}
                seen = f"{site} was given the task {task!r} {times} times"
                return seen, Hint("controller.asks_again", None, where, told)
    return None


def _done(run: RunEvidence, site: str) -> Iterator[str]:
    for line in run.evidence.lines_of(site):
        if line.text.startswith(log_texts.RESULT_SENT) and line.origin.startswith("nvflare."):
            yield from log_texts.TASK_OF_LINE.findall(line.context)
