"""The chart of a run: the value of each site from iteration to iteration, and the true average."""

import math

from autograder.assignments.average_consensus.losses import as_it_came
from autograder.assignments.average_consensus.protocol import Consensus, Values, seen_in
from autograder.report.model import Chart, Series
from autograder.rubric.model import RunEvidence
from autograder.simulator.scenario import SERVER


def values(played: RunEvidence) -> Chart | None:
    """Draw the values that the sites of a run have sent, and those that follow from what they received last."""
    if SERVER in played.scenario.students:
        return None
    consensus = as_it_came(Consensus.of(played.scenario), played.evidence)
    seen = seen_in(played.evidence)
    series = tuple(Series(site, _of(consensus, site, seen)) for site in sorted(consensus.weights))
    return Chart("The value of each site, by iteration.", "iteration", series, consensus.average, "true average")


def _of(consensus: Consensus, site: str, seen: Values) -> tuple[float | None, ...]:
    """Return what a site has sent; what it has sent to nobody, for it has nobody left, is what follows."""
    sent = [
        next((seen[site, to, number] for to in consensus.weights[site] if (site, to, number) in seen), None)
        for number in range(consensus.iterations)
    ]
    if site == consensus.mortal:
        return tuple(sent)
    found = [
        consensus.value(site, number, seen) if value is None else value for number, value in enumerate([*sent, None])
    ]
    return tuple(value if value is not None and math.isfinite(value) else None for value in found)
