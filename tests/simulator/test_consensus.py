"""A protocol that the core knows nothing of, in the real simulator: sites average their values round by round.

No machinery of an author's is needed but for the function that says which messages are expected by what was seen.
"""

import pytest

from autograder.evidence.collect import collect
from autograder.evidence.model import Evidence
from autograder.report.diagram.rows import Kind, diagram
from autograder.report.model import RunSummary
from autograder.report.words import is_good, remarks
from autograder.rubric import logs, receiving, sending, tasks
from autograder.rubric.deliveries import deliveries_of
from autograder.rubric.log_lines import Fields
from autograder.rubric.matchers import Close
from autograder.rubric.model import Hint, RunEvidence
from autograder.simulator.network.content import Array
from autograder.simulator.run import run
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Expected, LogTemplate, Part, Scenario
from tests.simulator.parts import CONTROLLER, EXECUTOR

SITES = tuple(f"site-{number}" for number in range(4))
NEIGHBOURS = {site: (SITES[number - 1], SITES[(number + 1) % 4]) for number, site in enumerate(SITES)}
ROUNDS = 4
BEGIN = {site: float(number) ** 2 for number, site in enumerate(SITES)}
ATOL = 1e-9
RESULT = LogTemplate("Value after {rounds} rounds: {value}", atol=1e-3)

CONSENSUS = """
import threading
import numpy as np

class Consensus(Quiet):
    weight = 1 / 3
    twice = False
    def __init__(self):
        super().__init__()
        self.arrived = {}
        self.there = threading.Condition()
    def talk(self, fl_ctx):
        me, engine = fl_ctx.get_identity_name(), fl_ctx.get_engine()
        names = sorted(client.name for client in engine.get_clients())
        place = names.index(me)
        others = [names[place - 1], names[(place + 1) % len(names)]]
        value = np.array([float(place) ** 2, 1.0])
        for number in range(ROUNDS):
            request = DXO(DataKind.WEIGHTS, data={"value": value, "round": number}).to_shareable()
            for _ in range(2 if self.twice and number == 1 else 1):
                engine.send_aux_request(others, "values", request, 10, fl_ctx)
            with self.there:
                self.there.wait_for(lambda: all((number, other) in self.arrived for other in others), 10)
            received = sum(self.arrived[number, other] for other in others)
            value = value + self.weight * (received - 2 * value)
        self.log_info(fl_ctx, f"Value after {ROUNDS} rounds: {value[0]:.6f}")
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler(topic="values", message_handle_func=self.handle)
    def handle(self, topic, request, fl_ctx):
        sender, data = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), from_shareable(request).data
        with self.there:
            self.arrived[data["round"], sender] = data["value"]
            self.there.notify_all()
        return make_reply(ReturnCode.OK)

class WrongWeight(Consensus):
    weight = 1 / 2

class Repeating(Consensus):
    twice = True
""".replace("ROUNDS", str(ROUNDS))


def values(evidence: Evidence, site: str, number: int) -> list[float]:
    """What a site should have in a round by what was seen in the round before, so that nobody is blamed for others."""
    if number == 0:
        return [BEGIN[site], 1.0]
    own, *others = (_seen(evidence, one, number - 1) for one in (site, *NEIGHBOURS[site]))
    return [own[place] + sum(other[place] - own[place] for other in others) / 3 for place in range(2)]


def _seen(evidence: Evidence, site: str, number: int) -> tuple[float, ...]:
    for message in evidence.messages:
        value = message.content.get("value")
        of_round = message.sender == site and message.content.get("round") == number
        if of_round and isinstance(value, Array) and value.shape == (2,) and value.values:
            return tuple(float(one) for one in value.values)
    return (0.0, 0.0)


def expected(evidence: Evidence) -> tuple[Expected, ...]:
    return tuple(
        Expected(
            site,
            other,
            "values",
            Close("WEIGHTS", {"value": values(evidence, site, number), "round": number}, atol=ATOL),
            label=f"round {number}",
            key={"round": number},
        )
        for number in range(ROUNDS)
        for site in SITES
        for other in NEIGHBOURS[site]
    )


def result(played: RunEvidence, site: str) -> list[Fields]:
    return [{"rounds": ROUNDS, "value": values(played.evidence, site, ROUNDS)[0]}]


CHECKS = {
    "as_expected": sending.as_expected("as_expected", "Each round's value goes to both neighbours", 1),
    "no_others": sending.no_others("no_others", "Nothing else is sent", 1),
    "at_most": sending.at_most("at_most", "No more messages than two a round", 1, 2 * ROUNDS),
    "each_once": receiving.each_once("each_once", "Each message is handled", 1, receiving.any_site),
    "says": logs.says("says", "The result is logged", 1, RESULT, result),
    "return_ok": tasks.return_ok("return_ok", "The task is answered with OK", 1),
}


def played(*class_names: str) -> RunEvidence:
    parts = [Part("executors", name, {"executors": EXECUTOR + CONSENSUS}) for name in class_names]
    controller = Part("controller", "Asking", {"controller": CONTROLLER.replace("timeout=6", "timeout=60")})
    executors = dict(zip(SITES, parts, strict=True))
    scenario = Scenario("consensus", controller, executors, frozenset(SITES), expected, tasks={"talk": SITES})
    with run(scenario, isolation=Isolation.NONE) as record:
        return RunEvidence(scenario, collect(record))


def failing(one: RunEvidence) -> dict[str, Hint]:
    """The checks that the run does not pass, each with its hint."""
    findings = [(check, check.judge([one])) for check in CHECKS.values()]
    return {check.name: finding.why(check) for check, finding in findings if not finding.passed}


@pytest.mark.simulator
def test_a_right_answer_passes_and_its_picture_shows_nothing_wrong() -> None:
    right = played(*["Consensus"] * 4)
    deliveries = deliveries_of(right)
    summary = RunSummary("consensus", SITES, 0, 1.0, 1, "settled", deliveries)

    assert failing(right) == {}
    assert len(deliveries) == ROUNDS * 4 * 2
    assert all(is_good(one) for one in deliveries) and remarks(summary) == []
    assert {row.kind for row in diagram(summary).rows} == {Kind.GOOD}
    assert [one.label for one in deliveries[:8]] == ["round 0"] * 8


@pytest.mark.simulator
def test_only_the_site_that_averages_wrongly_is_blamed() -> None:
    wrong = played("Consensus", "Consensus", "WrongWeight", "Consensus")

    assert failing(wrong).keys() == {"as_expected", "says"}
    assert {one.sender for one in deliveries_of(wrong) if not is_good(one)} == {"site-2"}
    hint = failing(wrong)["as_expected"]
    assert (hint.code, hint.data["part"]) == ("content.value", "value[0]")
    assert {pair.expected.label for pair in wrong.matching.pairs if pair.wrong} == {"round 1", "round 2", "round 3"}


@pytest.mark.simulator
def test_a_round_that_is_sent_twice_is_repeated_and_nothing_else_is_wrong() -> None:
    twice = played("Repeating", "Consensus", "Consensus", "Consensus")

    hints = failing(twice)
    assert {name: hint.code for name, hint in hints.items()} == dict.fromkeys(("no_others", "at_most"), "repeated.loop")
    odd = [one for one in deliveries_of(twice) if not is_good(one)]
    assert {(one.sender, one.label, one.count, one.asked) for one in odd} == {("site-0", "round 1", 2, 1)}


@pytest.mark.simulator
def test_a_stub_passes_nothing_but_the_reply() -> None:
    assert failing(played(*["Quiet"] * 4)).keys() == CHECKS.keys() - {"return_ok"}
