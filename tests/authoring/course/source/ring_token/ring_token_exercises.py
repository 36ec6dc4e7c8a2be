"""The assignment ``ring_token``: a token goes around a ring, and each site adds one to it before it passes it on."""

from collections.abc import Callable
from itertools import pairwise

from autograder.evidence.model import Evidence
from autograder.rubric import receiving, sending, tasks
from autograder.rubric.matchers import Equals
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.scenario import Expected, LogTemplate, Part, Scenario
from autograder.simulator.until import MessagesSeen

SITES = tuple(f"site-{number}" for number in range(4))
TOPIC, TASK = "token", "begin"
HOPS = 2 * len(SITES)
LOG = LogTemplate("Token {count} from {sender}")


def _way(first: str) -> list[str]:
    """Return the sites at which the token is, from the first one on."""
    place = SITES.index(first)
    return [SITES[(place + hop) % len(SITES)] for hop in range(HOPS + 1)]


def _tokens(first: str, begin: int) -> Callable[[Evidence], tuple[Expected, ...]]:
    """Return what is expected: each site adds one to what it got, whatever that was, so nobody is blamed for others."""

    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        count, found = begin, []
        for hop, (sender, receiver) in enumerate(pairwise(_way(first))):
            told = {"count": count + 1, "last": begin + HOPS}
            found.append(Expected(sender, receiver, TOPIC, Equals("APP_DEFINED", told), log=LOG))
            seen = [one.content.get("count") for one in evidence.distinct if (one.sender, one.topic) == (sender, TOPIC)]
            passed = seen[hop // len(SITES)] if hop // len(SITES) < len(seen) else None
            count = passed if isinstance(passed, int) else count + 1
        return tuple(found)

    return expected


def _scenario(
    name: str, controller: Part, student: Callable[[str], Part], first: str, begin: int, seed: int
) -> Scenario:
    executors = {site: student("TokenExecutor") for site in SITES}
    expected, until = _tokens(first, begin), (MessagesSeen(TOPIC, HOPS),)
    return Scenario(name, controller, executors, frozenset(SITES), expected, seed, tasks={TASK: (first,)}, until=until)


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    first, begin = cast.random.choice(SITES), cast.random.randrange(100)
    data = {first: {"count": begin, "last": begin + HOPS}}
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": TASK, "data": data})
    return (_scenario("ring", giver, cast.student, first, begin, cast.seed),)


def _own_play(student: Callable[[str], Part]) -> Scenario:
    return _scenario("own", student("RingController"), student, SITES[0], 0, 0)


ASSIGNMENT = Assignment(
    name="ring_token",
    title="A token in a ring",
    given=("imports", "controller"),
    given_classes=("RingController",),
    exercises=(
        Exercise(
            name="pass_on",
            title="1 Pass on",
            check_cell="test_pass_on",
            classes=("TokenExecutor",),
            needs=(),
            section="Exercise 1: pass on",
            checks=(
                sending.as_expected("passed_on", "Each site adds one and passes the token on to the next one", 2),
                sending.no_others("nothing_else", "Nothing else is sent", 1),
                receiving.logs_each("logged", "Each site logs the token and who sent it", 1, receiving.any_site),
                tasks.return_ok("returns_ok", "The task begin is answered with OK", 1),
            ),
            cross_play=_cross_play,
            own_play=_own_play,
            self_contained=True,
        ),
    ),
)
