"""The assignment ``new_assignment``: its exercises, their scenarios and rubrics.

It is laid out with one exercise that works, to be changed into yours. The words for students are in the notebook; here
is what is run, which messages a right answer leads to, and what is checked of them.
"""

from collections.abc import Callable, Iterable, Sequence

from autograder.rubric import concepts, logs, sending
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Close
from autograder.rubric.model import Assignment, Cast, Exercise, RunEvidence
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.scenario import SERVER, Expected, LogTemplate, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
TOPIC, TASK = "status", "talk"
SHARE = 1 / len(SITES)
MOST = 5
LOG = LogTemplate("My share is {share:.3f}", atol=1e-3)
"""A line with a number, which counts if it is off by no more than ``atol``."""


def _expected(sites: Iterable[str]) -> tuple[Expected, ...]:
    """Return the messages of a right answer that runs at these sites, each at least twice: see `_faults`."""
    return tuple(
        Expected(site, SERVER, TOPIC, Close("APP_DEFINED", {"site": site, "share": SHARE}, atol=1e-3), times=(2, MOST))
        for site in sites
    )


def _faults(sites: Iterable[str]) -> FaultPlan:
    """Lose the first message of each of these sites."""
    return FaultPlan(tuple(Fault(FaultKind.DROP, site, SERVER, TOPIC, nths=(1,)) for site in sites))


def _lines(run: RunEvidence, site: str) -> Sequence[Fields]:
    """Return the fields of each line that a site has to log."""
    return [{"share": SHARE}]


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    """Make the run for grading, in which two sites are the student's: a name in the code is wrong at one of them."""
    students = sorted(cast.random.sample(SITES, 2))
    executors = {
        site: cast.student("ReportingExecutor") if site in students else cast.reference("SilentPeer", {})
        for site in SITES
    }
    return (
        Scenario(
            "report",
            cast.reference("AskingController", {"sites": students}),
            executors,
            frozenset(students),
            _expected(students),
            cast.seed,
            tasks={TASK: tuple(students)},
            faults=_faults(students),
        ),
    )


def _own_play(student: Callable[[str], Part]) -> Scenario:
    """Make the run of the student's own check, in which every part is in the student's notebook."""
    executors = {site: student("ReportingExecutor") for site in SITES}
    return Scenario(
        "own",
        student("SimpleController"),
        executors,
        frozenset(SITES),
        _expected(SITES),
        tasks={TASK: SITES},
        faults=_faults(SITES),
    )


ASSIGNMENT = Assignment(
    name="new_assignment",
    title="New assignment",
    given=("imports", "simple_controller"),
    given_classes=("SimpleController",),
    exercises=(
        Exercise(
            name="report",
            title="1 Report",
            check_cell="test_report",
            classes=("ReportingExecutor",),
            needs=(),
            section="Exercise 1: report",
            checks=(
                sending.as_expected("message", "The server gets each site's name and share, again if they got lost", 1),
                sending.no_others("nothing_else", "Nothing else is sent, and nothing more than five times", 1),
                logs.says("logged", "Each site logs its share, within 0.001", 1, LOG, _lines),
                sending.returns_ok("returns_ok", "execute returns an OK reply", 1),
            ),
            cross_play=_cross_play,
            own_play=_own_play,
            teaches={concepts.TASK: "The controller"},
        ),
    ),
)
