"""What a student's controller has the course's own sites do, as these tell in their logs."""

import re
from collections import Counter
from collections.abc import Iterator

from autograder.report.reasons import Datum
from autograder.rubric import code
from autograder.rubric.model import Hint, RunEvidence
from autograder.simulator.scenario import SERVER

_RESULT_SENT = "task result sent to "
"""What NVFlare logs at a site when the server has taken the result of a task. Of one that is given up it does not."""
_TASK = re.compile(r"\btask_name=([^,\]]{1,100})")
_GIVES = ("broadcast_and_wait", "broadcast", "send_and_wait", "send", "relay_and_wait", "relay", "control_flow")


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
        if line.text.startswith(_RESULT_SENT) and line.origin.startswith("nvflare."):
            yield from _TASK.findall(line.context)
