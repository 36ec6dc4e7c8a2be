"""Says who may be lost: a neighbour whose value came late, as may happen on a busy machine, and who has lost a site.

``patience`` is time of a clock, and nothing keeps a busy machine from taking longer. So a site is right to say that it
has lost a neighbour whose value came when a good part of its patience was over, and then it has to go by that. One
that loses it without a word is to be blamed for its silence, and for nothing that follows.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from autograder.assignments.average_consensus.protocol import TOPIC, Consensus
from autograder.evidence.model import Evidence, Message
from autograder.rubric import log_lines
from autograder.simulator.scenario import SERVER, LogTemplate

LOST = LogTemplate("Lost {name} at iteration {iteration}")

_LATE = 0.4
"""The part of its patience after which a site may not have got a value that has passed the witness."""
_NEARLY = 0.95
"""Clocks of several processes are read."""
_TELLER = "TaskSeries"
_HELD_UP = re.compile(r"held up: ([0-9.]{1,20}) ([0-9.]{1,20})")

_Way = tuple[str, str, int]


def as_it_came(consensus: Consensus, evidence: Evidence) -> Consensus:
    """Return the consensus of a run, with those that were rightly lost because they were late."""
    if not consensus.patience:
        return consensus
    sent = {
        (one.sender, one.receiver, iteration): one
        for one in reversed(evidence.distinct)  # of several that are alike the first one counts
        if (iteration := _iteration(one)) is not None
    }
    late = {
        (site, name): iteration
        for site in consensus.weights
        for name, iteration in _lost(consensus, evidence, sent, site).items()
        if name in consensus.weights[site] and _is_late(consensus, sent, site, name, iteration)
    }
    return replace(consensus, late=late | _in_turn(consensus, late))


def waited(consensus: Consensus, evidence: Evidence, site: str) -> float:
    """Return the seconds for which a site can at most have waited when it first lost somebody.

    It cannot have begun that iteration before it had all values of the one before, and had given up on somebody when it
    sent the next ones. A busy machine makes the time between longer, and never shorter.
    """
    first = min(consensus.lost_by(site).values())
    own = [one for one in evidence.results if one.site == site]
    came = {
        one.sender: one.at
        for one in reversed(evidence.distinct)  # of several that are alike the first one counts
        if one.receiver == site and _iteration(one) == first - 1
    }
    went = [one.at for one in evidence.distinct if one.sender == site and _iteration(one) == first + 1]
    begin = max(came.values(), default=max((one.given_at for one in own), default=0.0))
    return min(went, default=max((one.at for one in own), default=math.inf)) - begin


def overdue(consensus: Consensus, evidence: Evidence, sites: Iterable[str]) -> float:
    """Return by how many seconds sites waited for longer than their patience, at least; not above 0 if nobody did.

    A busy machine makes the time between two messages longer. It hardly ever does so for all sites whenever they lose
    somebody, so what counts is the loss after which a site went on the soonest: all of them run the same code. When
    nothing goes on at all, the server is held up too, and that time does not count.
    """
    held_up = [(float(found[1]), float(found[2])) for found in _held_up(evidence)]
    sent: dict[tuple[str, int], list[float]] = {}
    for one in evidence.distinct:
        if (iteration := _iteration(one)) is not None:
            sent.setdefault((one.sender, iteration), []).append(one.at)
    excess = []
    for site in sites:
        done = [one.at for one in evidence.results if one.site == site][-1:]
        for iteration in {*consensus.lost_by(site).values()}:
            begun, on = sent.get((site, iteration)), sent.get((site, iteration + 1), done)
            if begun and on:
                since, until = max(begun), min(on)
                still = sum(max(0.0, min(end, until) - max(begin, since)) for begin, end in held_up)
                excess.append(until - since - still - consensus.patience)
    return min(excess, default=0.0)


def _held_up(evidence: Evidence) -> Iterable[re.Match[str]]:
    lines = (line for line in evidence.lines_of(SERVER) if line.logger == _TELLER)
    return filter(None, (_HELD_UP.fullmatch(line.text) for line in lines))


def was_there(consensus: Consensus, evidence: Evidence, site: str, name: str, iteration: int) -> bool:
    """Return whether a neighbour's value came soon, and a good while before the site went on without it."""
    came = [one.at for one in evidence.distinct if _way(one) == (name, site, iteration) and one.arrivals]
    own = [one.at for one in evidence.distinct if one.sender == site and _iteration(one) == iteration]
    went = [one.at for one in evidence.distinct if one.sender == site and _iteration(one) == iteration + 1]
    done = [one.at for one in evidence.results if one.site == site]
    if not (came and own and (went or done)):
        return False
    on = min(went, default=max(done, default=0.0))
    return min(came) <= min(min(own) + _LATE * consensus.patience, on - consensus.patience / 2)


def _way(message: Message) -> tuple[str, str, int | None]:
    return message.sender, message.receiver, _iteration(message)


def _iteration(message: Message) -> int | None:
    iteration = message.content.get("iteration") if message.topic == TOPIC else None
    return iteration if isinstance(iteration, int) else None


def _lost(consensus: Consensus, evidence: Evidence, sent: Mapping[_Way, Message], site: str) -> dict[str, int]:
    """Return whom a site has lost, each with the iteration.

    It sends them nothing any more: that shows the iteration, whatever it says. After the last one only its word counts.
    """
    last = {receiver: k for sender, receiver, k in sorted(sent) if sender == site}
    told = dict(sorted(_told(evidence, site), key=lambda one: -one[1]))  # the earliest of several counts
    return told | {name: k for name, k in last.items() if k < consensus.iterations - 1}


def _told(evidence: Evidence, site: str) -> Iterable[tuple[str, int]]:
    """Yield the neighbours that a site says it has lost, each with the iteration."""
    for line in evidence.lines_of(site):
        told = log_lines.parsed(LOST, line.text) if line.by_component else None
        if told and told["iteration"].isdecimal():
            yield told["name"], int(told["iteration"][:9])


def _is_late(consensus: Consensus, sent: Mapping[_Way, Message], site: str, name: str, iteration: int) -> bool:
    """Return whether a value came late, and not because its sender waited for the reply of somebody else."""
    value = sent.get((name, site, iteration))
    if value is None or not value.arrivals:
        return False
    own = [one.at for (sender, _, k), one in sent.items() if (sender, k) == (site, iteration)]
    before = [one for (sender, _, k), one in sent.items() if (sender, k) == (name, iteration) and one.gave_up_after]
    is_held_up = any(value.at >= one.at + _NEARLY * one.gave_up_after for one in before)
    return bool(own) and not is_held_up and value.at > min(own) + _LATE * consensus.patience


def _in_turn(consensus: Consensus, late: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Return who loses those by whom it was lost: they send it nothing any more."""
    return {
        (name, site): iteration + 1
        for (site, name), iteration in late.items()
        if late.get((name, site), consensus.iterations) > iteration + 1
    }
