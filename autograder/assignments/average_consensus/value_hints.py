"""Finds the mistake that leads to the value that was seen: computes each, and names one if it alone fits."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from autograder.assignments.average_consensus import ideas
from autograder.assignments.average_consensus.losses import was_there
from autograder.assignments.average_consensus.protocol import ATOL, KIND, Consensus, Values, seen_in
from autograder.report.reasons import Datum
from autograder.rubric import code, log_lines
from autograder.rubric.hints import Raised, failed, of_exception
from autograder.rubric.matching import Pair
from autograder.rubric.model import Finding, Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import where_given
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import LogTemplate

_LOGS = ("log_info", "info", "log_warning", "warning", "log_error", "error")
_RESULT = LogTemplate("Consensus after {iterations} iterations: {value}", atol=ATOL)

_WORDS = {
    "value.first": "The first value is the one that the class was made with: initial_value, as it is.",
    "value.unchanged": "{site} sends the same value again. Is the new value kept for the next iteration?",
    "value.equal_weights": "{site} gives everybody the same weight. Which weights does the task config name?",
    "value.without_itself": "{site} leaves its own value out. What weight is left for it?",
    "value.own_in_full": "{site} adds to its own value in full. Its own weight is 1 minus the sum of the others.",
    "value.beginning": "{site} averages with the value that it began with, and not with the one that it has now.",
    "value.mixed": (
        "{site} averages a value of {other} that belongs to another iteration. "
        "A neighbour can be one ahead: what tells its values apart?"
    ),
    "value.missing": "{site} averages without the value of {other}. Does it wait until that is there?",
    "value.weights_swapped": "The values have the weights of other neighbours. In which order do they come?",
    "value.lost_dropped": "The weight of {other}, which is lost, is missing from the sum. Who should have it now?",
    "value.lost_kept": "{site} goes on with an old value of {other}, which is lost. Its weight goes to {site} itself.",
    "value.lost_spread": "The weight of {other}, which is lost, goes to the neighbours. It is to go to {site} itself.",
}


def explain(run: RunEvidence, consensus: Consensus, site: str, pair: Pair) -> Finding | None:
    """Explain the first message of a pair with a wrong value; None for what is wrong in another way."""
    message = next(one for one in pair.messages if one.number in pair.wrong)
    iteration, value = message.content.get("iteration"), _number(message.content)
    seen = seen_in(run.evidence)
    asked = pair.expected.key["iteration"]
    if isinstance(iteration, int) and iteration != asked:
        words = "Iterations are counted from 0. Nothing else tells your neighbours which value this is."
        hint = Hint("iteration.first", ideas.ROUNDS, where_given(run, site, "data"), words=words)
        return failed(f"iteration {asked} from {site}", f"iteration {iteration}", hint)
    wanted = consensus.value(site, iteration, seen) if isinstance(iteration, int) and value is not None else None
    if wanted is None or value is None or not isinstance(iteration, int):
        return None
    if message.content.kind != KIND or abs(value - wanted) <= ATOL:
        return None
    asked_for, found = told_apart(wanted, value)
    expected = f"iteration {iteration} of {site}: {asked_for}"
    return failed(
        expected, f"{found}, to {pair.expected.receiver}", _hint(run, consensus, site, iteration, value, seen)
    )


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Return two different numbers with so many decimals that they can be told apart, and no fewer than six."""
    short = f"{one:.6f}", f"{other:.6f}"
    return short if short[0] != short[1] else (repr(one), repr(other))


def other_result(run: RunEvidence, consensus: Consensus, site: str, line: str) -> Hint:
    """Explain a line with another result."""
    where = code.calls(run, site, "log_info", "info")
    told = log_lines.parsed(_RESULT, line) or {}
    if told.get("iterations") != str(consensus.iterations):
        words = "The line names the number of iterations that the task run_algorithm asks for."
        return Hint("result.iterations", None, where, words=words)
    sent = {v for (one, _, k), v in seen_in(run.evidence).items() if (one, k) == (site, consensus.iterations - 1)}
    if any(log_lines.says(_RESULT, line, {"iterations": consensus.iterations, "value": value}) for value in sent):
        words = (
            "The value is the one after the last iteration, which is averaged once more than the last that was sent."
        )
        return Hint("result.value", ideas.AVERAGING, where, words=words)
    words = "Compute it by hand from what {site} received in the last iteration, which the picture shows."
    return Hint("result.other", ideas.AVERAGING, where, {"site": site}, words=words)


def lost_another(run: RunEvidence, consensus: Consensus, site: str, lost: Mapping[str, str]) -> Hint:
    """Explain a line on a neighbour that was not lost.

    Args:
        lost: what the line says.
    """
    if had := _had(run, consensus, site, lost):
        return had
    where = code.waits(run, site, "execute") or code.calls(run, site, "log_info", "info")
    words = (
        "{name} delivered all the time. A send that waits for the silent one holds up what comes after it: "
        "how long do you wait, for whom, and from when on?"
    )
    return Hint("lost.another", ideas.LOSS, where, {"name": lost["name"]}, words=words)


def lost_at_another(run: RunEvidence, consensus: Consensus, site: str, lost: Mapping[str, str]) -> Hint:
    """Explain a line on a neighbour that was lost in another iteration than the line says."""
    if had := _had(run, consensus, site, lost):
        return had
    words = "Iterations are counted from 0, as in the messages. In which one did nothing come?"
    return Hint("lost.iteration", ideas.LOSS, code.calls(run, site, *_LOGS), words=words)


def _had(run: RunEvidence, consensus: Consensus, site: str, lost: Mapping[str, str]) -> Hint | None:
    """Explain a line on a neighbour whose value was there; None when it was not."""
    name, number = lost["name"], lost["iteration"]
    if not number.isdecimal() or not was_there(consensus, run.evidence, site, name, int(number[:9])):
        return None
    words = (
        "{site} had the value of {name} of that iteration in good time. "
        "By what does your code tell those that it has lost from the others?"
    )
    logs = code.calls(run, site, "log_info", "info")
    return Hint("lost.there", ideas.LOSS, logs, {"site": site, "name": name}, words=words)


def raised(found: Raised) -> Hint:
    """Explain an exception of ``execute``."""
    stub = found.exception == "NotImplementedError"
    return of_exception("execute.stub_left" if stub else "execute.raised", found)


def _number(content: Content) -> float | None:
    value = content.get("value")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _hint(run: RunEvidence, consensus: Consensus, site: str, iteration: int, value: float, seen: Values) -> Hint:
    where = where_given(run, site, "data") or code.calls(run, site, "DXO")
    if iteration == 0:
        return Hint("value.first", ideas.AVERAGING, where, words=_WORDS["value.first"])
    fitting: dict[str, str] = {}
    for mistake, guess, other in guesses(consensus, site, iteration, seen):
        if guess is not None and abs(guess - value) <= max(ATOL, 1e-9 * abs(value)):
            fitting.setdefault(mistake, other)
    if len(fitting) == 1:  # of two nobody knows which one it is
        ((name, other),) = fitting.items()
        idea = ideas.ROUNDS if name in ("value.mixed", "value.missing") else ideas.AVERAGING
        idea = ideas.WHOLE if name.startswith("value.lost") else idea
        return Hint(name, idea, where, {"site": site, "other": other}, words=_WORDS[name])
    words = "Compute it by hand from what {site} received in iteration {before}, which the picture shows."
    told: dict[str, Datum] = {"site": site, "before": str(iteration - 1)}
    return Hint("value.other", ideas.AVERAGING, where, told, words=words)


def guesses(consensus: Consensus, site: str, iteration: int, seen: Values) -> Iterator[tuple[str, float | None, str]]:
    """Yield mistakes, each with the value to which it leads, and the neighbour that it is about."""
    there = consensus.inputs(site, iteration - 1, seen)
    if there is None:
        return
    weights, own, x = consensus.weights[site], consensus.own_weight(site), there[site]
    theirs = sum(weight * there[name] for name, weight in weights.items())
    lost = [name for name in weights if consensus.is_lost(site, name, iteration - 1)]
    yield "value.unchanged", x, ""
    yield "value.equal_weights", (x + sum(there[name] for name in weights)) / (1 + len(weights)), ""
    yield "value.without_itself", theirs, ""
    yield "value.own_in_full", x + theirs, ""
    yield "value.beginning", own * consensus.begin[site] + theirs, ""
    turned = list(weights.values())[::-1]
    yield "value.weights_swapped", own * x + sum(w * there[n] for n, w in zip(weights, turned, strict=True)), ""
    yield from _of_lost(consensus, site, iteration, seen, lost, own * x + theirs)
    living = [name for name in weights if name not in lost]
    for some in (some for count in range(1, len(living) + 1) for some in combinations(living, count)):
        less, gone = sum(weights[name] * there[name] for name in some), sum(weights[name] for name in some)
        yield "value.missing", own * x + theirs - less, some[0]
        if len(some) < len(weights):  # without all of them nothing changes
            yield "value.missing", (own + gone) * x + theirs - less, some[0]
    for name, weight in ((name, weights[name]) for name in living):
        for number in range(consensus.iterations):
            if number != iteration - 1 and (name, site, number) in seen:
                yield "value.mixed", own * x + theirs + weight * (seen[name, site, number] - there[name]), name
    for some in (some for count in range(2, len(living) + 1) for some in combinations(living, count)):
        for numbers in product((iteration - 2, iteration), repeat=len(some)):  # those before and after the right one
            others = [(name, site, number) for name, number in zip(some, numbers, strict=True)]
            if all(other in seen for other in others):
                more = sum(weights[other[0]] * (seen[other] - there[other[0]]) for other in others)
                yield "value.mixed", own * x + theirs + more, some[0]


def _of_lost(
    consensus: Consensus, site: str, iteration: int, seen: Values, lost: list[str], right: float
) -> Iterator[tuple[str, float | None, str]]:
    weights = consensus.weights[site]
    there = consensus.inputs(site, iteration - 1, seen) or {}
    if not lost:
        return
    gone = sum(weights[name] for name in lost)
    without = right - gone * there[site]
    yield "value.lost_dropped", without, lost[0]
    for number in range(iteration):
        old = [weights[name] * seen[name, site, number] for name in lost if (name, site, number) in seen]
        yield "value.lost_kept", without + sum(old) if len(old) == len(lost) else None, lost[0]
    left = [name for name in weights if name not in lost]
    if left:
        yield "value.lost_spread", without / (1 - gone), lost[0]
        yield "value.lost_spread", without + sum(gone / len(left) * there[name] for name in left), lost[0]
