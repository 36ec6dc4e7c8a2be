"""The assignment ``third_time``: a site that answers the third time, and one that never does."""

from collections.abc import Callable, Iterable

from autograder.evidence.model import Evidence
from autograder.rubric import logs, sending
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Text
from autograder.rubric.model import Assignment, Cast, Exercise, RunEvidence
from autograder.simulator.network.faults import Fault, FaultKind, FaultPlan
from autograder.simulator.scenario import Expected, LogTemplate, Part, Scenario

SITES = tuple(f"site-{number}" for number in range(4))
TOPIC, TASK, MOST = "order", "buy", 5
ANSWERED = LogTemplate("{shop}: answer to message {attempt}")
GAVE_UP = LogTemplate("{shop}: gave up after {attempt} messages")
LOSES_ONE = ((FaultKind.DROP, FaultKind.LATE_START), (FaultKind.LATE_START, FaultKind.DROP))
Ways = tuple[tuple[str, str], ...]


def _answered(evidence: Evidence, site: str, shop: str) -> int:
    """Return which message to a shop was the first with an answer in time; 0 when none was."""
    sent = [one for one in evidence.distinct if (one.sender, one.receiver, one.topic) == (site, shop, TOPIC)]
    return next((one.attempt for one in sent if one.answered_in_time and one.reply == "OK"), 0)


def _orders(ways: Ways, goods: str) -> Callable[[Evidence], tuple[Expected, ...]]:
    """Return what is expected: messages until there is an answer, and five at most."""

    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        counts = [(site, shop, _answered(evidence, site, shop) or MOST) for site, shop in ways]
        text = Text("message", goods)
        return tuple(Expected(site, shop, TOPIC, text, times=(count, count)) for site, shop, count in counts)

    return expected


def _lines(says_answered: bool) -> Callable[[RunEvidence, str], list[Fields]]:
    def wanted(run: RunEvidence, site: str) -> list[Fields]:
        shops = sorted({pair.expected.receiver for pair in run.matching.sent_by(site)})
        found = [(shop, _answered(run.evidence, site, shop)) for shop in shops]
        return [{"shop": shop, "attempt": n or MOST} for shop, n in found if bool(n) == says_answered]

    return wanted


def _faults(ways: Iterable[tuple[str, str]], kinds: tuple[tuple[FaultKind, ...], ...], seed: int) -> FaultPlan:
    """Return a plan in which the messages to each shop have these faults, one after another."""
    pairs = [(way, number, kind) for way, hits in zip(ways, kinds, strict=True) for number, kind in enumerate(hits, 1)]
    return FaultPlan(tuple(Fault(kind, *way, TOPIC, nths=(number,)) for way, number, kind in pairs), seed)


def _cross_play(cast: Cast) -> tuple[Scenario, ...]:
    """Two sites of the student's order from two shops: one answers the third message, the other one none."""
    opens, closed, *buyers = cast.random.sample(SITES, 4)
    executors = {site: cast.student("BuyingExecutor") for site in sorted(buyers)}
    executors |= {shop: cast.reference("Shop", {}) for shop in (opens, closed)}
    goods = f"{cast.random.randint(1, 99)} apples"
    data = {site: {"shops": [opens, closed], "goods": goods} for site in buyers}
    giver = Part("autograder.simulator.parties.conducting", "TaskGiver", arguments={"task": TASK, "data": data})
    to_open, to_closed = (tuple((site, shop) for site in sorted(buyers)) for shop in (opens, closed))
    never = (FaultKind.LATE_START,) * 4 * MOST
    kinds = (*(cast.random.choice(LOSES_ONE) for _ in to_open), *(never for _ in to_closed))
    ways = (*to_open, *to_closed)
    return (
        Scenario(
            "shops", giver, executors, frozenset(buyers), _orders(ways, goods), cast.seed,
            tasks={TASK: tuple(buyers)}, faults=_faults(ways, kinds, cast.seed),
        ),
    )  # fmt: skip


def _own_play(student: Callable[[str], Part]) -> Scenario:
    """One site orders from a shop whose first two messages do not come through."""
    ways = (("site-0", "site-1"),)
    executors = {"site-0": student("BuyingExecutor"), "site-1": student("Shop")}
    orders, faults = _orders(ways, "3 apples"), _faults(ways, LOSES_ONE[:1], 0)
    controller = student("ShoppingController")
    return Scenario(
        "own", controller, executors, frozenset({"site-0"}), orders, tasks={TASK: ("site-0",)}, faults=faults
    )


CHECKS = (
    sending.as_expected("tries_again", "A message without an answer is sent again, up to five times in all", 2),
    sending.no_others("stops", "Nothing is sent after an answer, nor a sixth time", 2),
    logs.says("answered", "The log says which message was answered", 1, ANSWERED, _lines(True)),
    logs.says("gave_up", "The log says who did not answer", 1, GAVE_UP, _lines(False)),
)
BUY = Exercise(
    "buy", "1 Buy", "test_buy", ("BuyingExecutor",), (), "Exercise 1: buy", CHECKS, _cross_play, _own_play
)  # fmt: skip
ASSIGNMENT = Assignment("third_time", "The third time", ("imports", "shop"), ("ShoppingController", "Shop"), (BUY,))
