"""Flags: what in a run a person should look at. They never change points."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.evidence.collect import MOST_MESSAGES
from autograder.evidence.model import Activity, Evidence, Message
from autograder.report.model import Flag
from autograder.rubric import log_lines
from autograder.simulator.network.content import texts_in
from autograder.simulator.scenario import LogTemplate, Scenario

FORGED = "forged"
LEFT = "left processes"
ENDED = "ended"
JUNK = "junk"
COURSE = "course"
LIMIT = "limit"

_WORDS = {
    "files": "tried to reach files that are not its own",
    "network": "tried to reach the network",
    "processes": "tried to start, end or get at processes",
}
"""Kinds of what the audit notes, see `autograder.simulator.parties.audit`, with what is told of them."""

_LASTING = frozenset({*_WORDS, LIMIT})
"""Kinds of flags that tell what a student's code did, whatever became of the run. How a process ended in a run that
broke, or what its log says, can be the machine's doing."""

_UNHEARD = "TOPIC_UNKNOWN"
_UNTOLD = (None, "COMMUNICATION_ERROR")
"""Replies that do not tell whether a handler began: a handler's own exception, or what it returns, has another code."""


def flags_of(scenario: Scenario, evidence: Evidence) -> tuple[Flag, ...]:
    """Return what a person should look at in a run; each kind once for each party."""
    found: dict[tuple[str, str], Flag] = {}
    for party in sorted(evidence.filled):
        what = f"the memory of {party or 'all parties'} was filled, which only a student's code can cause"
        found[party, LIMIT] = Flag(LIMIT, "", scenario.name, what)
    for party, error in evidence.course_failed.items():
        what = f"a part of the course's own failed in its process, as that says, which is no fault of its code: {error}"
        found[party, COURSE] = Flag(COURSE, party, scenario.name, what)
    logs = {wanted.log.text: wanted.log for wanted in scenario.expected_in(evidence) if wanted.log}
    flooding = _flooding(evidence)
    for party, activity in evidence.activity.items():
        for kind, seen in _of_party(party, activity, evidence, tuple(logs.values()), floods=party in flooding):
            found.setdefault((party, kind), Flag(kind, party, scenario.name, seen))
    return tuple(found.values())


def lasting(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return those that a person should look at also when the run was not believed, and made once more."""
    return tuple(flag for flag in flags if flag.kind in _LASTING)


def merged(flags: Sequence[Flag], earlier: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return the flags of a run, and of those before what it does not flag the same party as."""
    told = {(flag.party, flag.kind) for flag in flags}
    return (*flags, *(flag for flag in earlier if (flag.party, flag.kind) not in told))


def _of_party(
    party: str, activity: Activity, evidence: Evidence, logs: Sequence[LogTemplate], *, floods: bool
) -> Iterator[tuple[str, str]]:
    if line := _unexplained(party, evidence, logs):
        yield FORGED, f"wrote to its log what nobody sent: {line[:200]!r}"
    for what, detail in activity.tried:
        if what in _WORDS:
            yield what, f"{_WORDS[what]}: {detail}"
    if activity.left:
        yield LEFT, f"{activity.left} processes of its own were alive at the end"
    if activity.limit:
        yield LIMIT, f"was ended at the limit of {activity.limit}"
    elif activity.disk:
        yield LIMIT, f"its disk was full: {activity.disk}"
    if activity.ended_itself and party not in evidence.refused:  # who is refused cannot go on
        yield ENDED, "its process ended in the middle of the run"
    if activity.junk:
        yield JUNK, activity.junk
    elif floods:
        yield JUNK, f"it sent many of the messages of a run that has more than the {MOST_MESSAGES} that are looked at"
    elif party in evidence.refused:
        yield JUNK, "it told the simulator something else than a client does"


def _flooding(evidence: Evidence) -> set[str]:
    """Return who sent their share, or more, of as many messages as are looked at; nobody when there were fewer."""
    if len(evidence.messages) < MOST_MESSAGES:
        return set()
    sent = Counter(message.sender for message in evidence.messages)
    return {sender for sender, count in sent.items() if count * len(sent) >= MOST_MESSAGES}


def _unexplained(party: str, evidence: Evidence, logs: Sequence[LogTemplate]) -> str:
    """Return the first line of a party's log about a message that the party cannot have got; empty if none.

    A line may be wrong, and often is; it is explained when it names the sender, or quotes the text, of a message that
    came to a handler. Where it cannot be told whether a message did, that explains no line which tells, word for word,
    of one that did not.
    """
    got = [message for message in evidence.messages if message.receiver == party]
    unheard = [message for message in got if message.reply == _UNHEARD]
    handled = _Explanations.of(message for message in got if message.reply not in (_UNHEARD, *_UNTOLD))
    perhaps = _Explanations.of(message for message in got if message.reply in _UNTOLD)
    handled.senders.update({party} & evidence.to_self.keys())
    for line in dict.fromkeys(line.text for line in evidence.lines_of(party)):
        told = (log_lines.sender_told(template, line) for template in logs)
        named = next((part for part in told if part is not None), None)
        if named is None or handled.explain(line, named):
            continue
        if not perhaps.explain(line, named) or any(
            log_lines.says(template, line, log_lines.fields_of(template, message))
            for template in logs
            for message in unheard
        ):
            return line
    return ""


@dataclass(frozen=True)
class _Explanations:
    """The senders and the texts of messages that a party's log can rightly name and quote."""

    senders: set[str]
    texts: set[str]

    @classmethod
    def of(cls, messages: Iterable[Message]) -> "_Explanations":
        """Return what can be said of these messages."""
        known = list(messages)
        texts = {text for message in known for text in texts_in(message.content.data) if text}
        return cls({message.sender for message in known}, texts)

    def explain(self, line: str, named: str) -> bool:
        """Return whether a line, which names a sender in this part, can be about one of the messages."""
        return any(text in line for text in self.texts) or any(sender in named for sender in self.senders)
