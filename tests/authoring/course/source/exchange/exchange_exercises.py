"""The assignment ``exchange``: each site asks its neighbour for readings, and answers with its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from autograder.rubric import receiving, sending
from autograder.rubric.matchers import Close
from autograder.rubric.model import Assignment, Cast, Exercise
from autograder.simulator.scenario import Expected, ExpectedResult, Part, Scenario

SITES = tuple(f"site-{number}" for number in range(4))
TOPIC, TASK, DAYS = "reading", "exchange", 3
Readings = dict[str, list[list[float]]]
"""For each site its readings, three numbers for each day."""


def _of_day(day: int, readings: Readings, site: str) -> Close:
    return Close("APP_DEFINED", {"day": day, "reading": readings[site][day]}, atol=1e-9)


def _scenario(
    name: str,
    parts: dict[str, Part],
    controller: Part,
    ring: Sequence[str],
    readings: Readings,
    students: Sequence[str],
) -> Scenario:
    """Each site of a ring exchanges the readings of all days with the one that follows."""
    after = dict(zip(ring, (*ring[1:], ring[0]), strict=True))
    expected = tuple(
        Expected(
            site, other, TOPIC, _of_day(day, readings, site), f"day {day}", key={"day": day},
            reply_content=_of_day(day, readings, other),
        )
        for site, other in after.items()
        for day in range(DAYS)
    )  # fmt: skip
    sums = {site: [sum(column) for column in zip(*readings[after[site]], strict=True)] for site in students}
    results = [ExpectedResult(site, TASK, Close("METRICS", {"sum": found}, atol=1e-6)) for site, found in sums.items()]
    parts |= {site: replace(parts[site], arguments={"readings": readings[site]}) for site in students}
    return Scenario(
        name, controller, parts, frozenset(students), expected, tasks={TASK: SITES}, results=tuple(results)
    )  # fmt: skip


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    """Two runs: in each of them every other site of the ring is the student's, so all positions are."""
    ring = cast.random.sample(SITES, len(SITES))
    readings = {site: [[cast.random.randint(-999, 999) / 8 for _ in range(3)] for _ in range(DAYS)] for site in SITES}
    data = {site: {"neighbour": other} for site, other in zip(ring, (*ring[1:], ring[0]), strict=True)}
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": TASK, "data": data})
    found = []
    for name, students in (("even", ring[::2]), ("odd", ring[1::2])):
        parts = {site: cast.reference("Station", {"readings": readings[site]}) for site in SITES}
        parts |= {site: cast.student("ExchangingExecutor") for site in students}
        found.append(replace(_scenario(name, parts, giver, ring, readings, students), seed=cast.seed))
    return tuple(found)


def _own_play(student: Callable[[str], Part]) -> Scenario:
    readings = {site: [[place + day / 2, day, -place] for day in range(DAYS)] for place, site in enumerate(SITES)}
    parts = {site: student("ExchangingExecutor") for site in SITES}
    return _scenario("own", parts, student("RingController"), SITES, readings, SITES)


CHECKS = (
    sending.as_expected("asks", "The neighbour is asked for each day, with the site's own reading of it", 2),
    sending.no_others("nothing_else", "Nothing else is sent", 1),
    receiving.replies_ok(
        "answers", "Each request is answered with the site's own reading of that day", 2, receiving.any_site
    ),
    sending.returns_ok("returns_sum", "execute returns the sum of the neighbour's readings", 1),
)
EXCHANGE = Exercise(
    "exchange", "1 Exchange", "test_exchange", ("ExchangingExecutor",), (), "Exercise 1: exchange", CHECKS,
    _cross_play, _own_play,
)  # fmt: skip
ASSIGNMENT = Assignment("exchange", "An exchange of readings", ("imports", "ring"), ("RingController",), (EXCHANGE,))
