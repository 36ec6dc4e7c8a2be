"""The assignment ``new_assignment``: its exercises, their scenarios and rubrics.

It is laid out with one exercise that works, to be changed into yours. The words for students are in the notebook; here
is what is run, which messages a right answer leads to, and what is checked of them.
"""

from collections.abc import Callable, Iterable

from autograder.rubric import concepts, sending
from autograder.rubric.matchers import Text
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
TOPIC = "status"


def _expected(sites: Iterable[str]) -> tuple[Expected, ...]:
    """The messages that a right answer leads to when it runs at these sites."""
    return tuple(Expected(site, SERVER, TOPIC, Text("message", f"Ready: {site}")) for site in sites)


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    """For grading. Two sites run the student's class, so that a name written into the code is wrong at one of them."""
    students = sorted(cast.random.sample(SITES, 2))
    executors = {
        site: cast.student("ReportingExecutor") if site in students else cast.reference("SilentPeer", {})
        for site in SITES
    }
    controller = cast.reference("AskingController", {"sites": students})
    return (Scenario("report", controller, executors, frozenset(students), _expected(students), cast.seed),)


def _own_play(student: Callable[[str], Part]) -> Scenario:
    """For the student's own check, in which every part is in the student's notebook."""
    executors = {site: student("ReportingExecutor") for site in SITES}
    return Scenario("own", student("SimpleController"), executors, frozenset(SITES), _expected(SITES))


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
                sending.reaches_everyone("server_reached", "The server receives a message from your site", 1),
                sending.reaches_each_once("once", "It receives one message, and nobody else does", 1),
                sending.says("message", "The message says which site is ready", 1),
                sending.returns_ok("returns_ok", "execute returns an OK reply", 1),
            ),
            cross_play=_cross_play,
            own_play=_own_play,
            teaches={concepts.TASK: "The controller"},
        ),
    ),
)
