"""The messages that are expected of sites, each with the value that follows from what its sender received."""

from collections.abc import Callable

from autograder.assignments.average_consensus.losses import as_it_came
from autograder.assignments.average_consensus.protocol import ATOL, KIND, TOPIC, Consensus, Values, seen_in
from autograder.evidence.model import Evidence
from autograder.rubric.matchers import Close, Satisfies
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Expected


def expected_in(consensus: Consensus) -> Callable[[Evidence], tuple[Expected, ...]]:
    """Return the function that says which messages are expected of the sites of a consensus."""

    def expected(evidence: Evidence) -> tuple[Expected, ...]:
        found, values = as_it_came(consensus, evidence), seen_in(evidence)
        return tuple(
            _expected(found, site, other, iteration, values)
            for iteration in range(found.iterations)
            for site in found.weights
            for other in found.weights[site]
            # Who it is that is silent is not known before an iteration is over.
            if not found.is_lost(site, other, iteration - 1)
        )

    return expected


def _expected(consensus: Consensus, site: str, other: str, iteration: int, values: Values) -> Expected:
    value = consensus.value(site, iteration, values)
    known = {"iteration": iteration}
    if value is None or site == consensus.mortal:
        # Whoever lacks a value may wait for it in vain, and who dies says anything: nothing more is asked of them.
        return Expected(
            site, other, TOPIC, Satisfies(_is_number), label=_label(iteration, None), times=(0, 1), key=known
        )
    content = Close(KIND, {"value": value, **known}, atol=ATOL)
    handled = not consensus.is_lost(site, other, iteration)
    return Expected(site, other, TOPIC, content, label=_label(iteration, value), key=known, handled=handled)


def _label(iteration: int, value: float | None) -> str:
    return f"iteration {iteration}" + ("" if value is None else f": {value:.4f}")


def _is_number(content: Content) -> str:
    value = content.get("value")
    return "" if isinstance(value, int | float) and content.kind == KIND else "its value is no number"
