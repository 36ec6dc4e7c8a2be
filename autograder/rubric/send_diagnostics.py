"""Explains why a message was not sent as it should be: the hints of the checks of sending, with the lines at fault."""

from collections import Counter
from collections.abc import Sequence

from autograder.evidence.model import Message, TaskResult
from autograder.report.reasons import Datum
from autograder.report.reasons import listed as listed
from autograder.rubric import code, concepts, diagnosis, nothing_sent_diagnostics, values
from autograder.rubric.code import Places
from autograder.rubric.hints import of_exception
from autograder.rubric.matchers import APP_DEFINED
from autograder.rubric.model import Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import EXECUTE, SENDS, ended, not_returned, where_given
from autograder.rubric.nothing_sent_diagnostics import nothing as nothing
from autograder.simulator.network.content import Difference, Mismatch
from autograder.simulator.network.faults import Fate
from autograder.simulator.scenario import SERVER

_LONGEST_NAME = 100


def sent(run: RunEvidence, site: str, to: str | None = None) -> list[Message]:
    """Return the messages that a site sent when it was asked to, to everybody or to one receiver."""
    return [m for m in run.evidence.distinct if m.sender == site and to in (None, m.receiver) and not m.early]


def anything_sent(run: RunEvidence, site: str) -> bool:
    """Return whether a site sent a message, be it to itself."""
    return bool(sent(run, site)) or site in run.evidence.to_self


def other_topics(run: RunEvidence, site: str, topic: str) -> list[str]:
    """Return the other topics of a site's messages, as they are written in code."""
    return sorted({repr(m.topic[:_LONGEST_NAME]) for m in sent(run, site) if m.topic != topic})


def missing(run: RunEvidence, site: str, receivers: Sequence[str]) -> Hint:
    """Return why some receivers got nothing from a site."""
    if not anything_sent(run, site):
        return nothing(run, site)
    wanted = next(pair.expected.topic for pair in run.matching.sent_by(site))
    if others := other_topics(run, site, wanted):
        topics: dict[str, Datum] = {"topics": tuple(others), "wanted": wanted}
        return Hint("topic.other", concepts.TOPIC, where_given(run, site, "topic"), topics)
    reached, targets = {m.receiver for m in sent(run, site)}, where_given(run, site, "targets")
    if reached == {SERVER} and not _inherits_sending(run, site):
        return _only_the_server(run, site)
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        return of_exception("execute.raised_before", raised, receivers=tuple(receivers))
    told: dict[str, Datum] = {"site": site, "receivers": tuple(receivers)}
    if reached >= set(receivers):
        lacking = (pair for pair in run.matching.sent_by(site) if pair.lacking and any(map(_is_lost, pair.messages)))
        if lost := sorted({*receivers} & {pair.expected.receiver for pair in lacking}):
            return Hint("sending.lost", None, _calls(run, site), {"site": site, "receivers": tuple(lost)})
        return Hint("sending.too_few", None, _calls(run, site), told)
    if not reached:
        return Hint("targets.only_itself", concepts.SAME_CODE, targets, told)
    if site in run.evidence.to_self and len(receivers) == 1:
        return _taken_for(run, site, receivers[0])
    if _inherits_sending(run, site):
        return Hint("targets.inherited", concepts.TARGETS, code.calls(run, site, EXECUTE, method=EXECUTE), told)
    return Hint("targets.leave_out", concepts.TARGETS, targets, told)


def _is_lost(message: Message) -> bool:
    """Return whether the network lost a message, or its reply."""
    fate = Fate(message.fate)
    return not fate.arrivals or fate.reply_is_lost


def too_early(run: RunEvidence, site: str) -> Hint:
    """Explain a site that sent before it was asked to."""
    return Hint("sending.too_early", concepts.TASK, code.calls(run, site, *SENDS, every=True))


def to_itself(run: RunEvidence, site: str) -> Hint:
    """Explain a site that sent to itself."""
    return Hint("targets.itself", concepts.SAME_CODE, where_given(run, site, "targets"))


def to_strangers(run: RunEvidence, site: str, names: Sequence[str]) -> Hint:
    """Explain a site that sent to somebody whom the exercise does not mention."""
    where = where_given(run, site, "targets")
    if {message.receiver for message in sent(run, site)} == {SERVER}:
        return _only_the_server(run, site)
    if names == [SERVER]:
        return Hint("targets.server_too", concepts.TARGETS, where)
    return Hint("targets.strangers", concepts.TARGETS, where, {"names": tuple(names)})


def repeated(run: RunEvidence, site: str) -> Hint:
    """Explain a site that sent to the same receiver again."""
    where = code.calls(run, site, *SENDS, EXECUTE, method=EXECUTE, every=True) or code.calls(run, site, *SENDS)
    asked = Counter[tuple[str, str]]()
    for expected in (pair.expected for pair in run.matching.sent_by(site)):
        asked[expected.receiver, str(expected.key)] += expected.times[1] or expected.times[0]
    if any(count > 1 for count in asked.values()):
        return Hint("repeated.beyond", None, where)
    if _inherits_sending(run, site):
        return Hint("repeated.inherited", concepts.TARGETS, where)
    several = values.number_of_calls(run, site, *SENDS) > 1
    return Hint("repeated.several_calls" if several else "repeated.loop", concepts.TARGETS, where)


def given_up(run: RunEvidence, site: str, receiver: str) -> Hint:
    """Explain a site whose messages to a receiver were never answered while it waited."""
    return Hint("sending.given_up", concepts.TIMEOUT, _calls(run, site), {"receiver": receiver})


def other_content(run: RunEvidence, site: str, message: Message, mismatch: Mismatch) -> Hint:
    """Explain a message that does not say what is asked for."""
    if mismatch.code in (Difference.UNREADABLE, Difference.NO_DXO):
        return Hint(str(mismatch.code), concepts.CONTENT, where_given(run, site, "request"))
    if mismatch.code is Difference.VALUE and isinstance(mismatch.seen, str):
        return _other_text(run, site, message, mismatch.seen)
    if mismatch.code is Difference.TYPE and mismatch.wanted == "str":
        return Hint("content.no_text", concepts.CONTENT, _content(run, site), {"part": mismatch.at})
    return Hint(str(mismatch.code), concepts.CONTENT, _content(run, site), _told_of(mismatch))


def _told_of(mismatch: Mismatch) -> dict[str, Datum]:
    """Return the data of a hint about a message with wrong content."""
    return {
        "part": mismatch.at,
        "key": repr(mismatch.seen) if mismatch.code is Difference.OTHER_KEY else "",
        "own_kind": APP_DEFINED if mismatch.wanted == APP_DEFINED else "",
        "said": mismatch.words.rstrip("."),
    }


def _other_text(run: RunEvidence, site: str, message: Message, text: str) -> Hint:
    """Explain a message with another text."""
    if all(one.receiver in one.content.text for one in sent(run, site) if one.topic == message.topic):
        return Hint("content.names_receiver", concepts.SAME_CODE, _content(run, site), {"site": site})
    others = [name for name in run.scenario.executors if name != site and name in text]
    if others:
        where = values.texts(run, site, others[0]) or _content(run, site)
        return Hint("content.names_another", concepts.SAME_CODE, where, {"site": site, "other": others[0]})
    return Hint("content.other_text", None, _content(run, site))


def no_result(run: RunEvidence, site: str) -> Hint:
    """Return why no result of ``execute`` came from a site that sent something."""
    if absent := diagnosis.why_absent(run, site):
        return absent
    return ended(run, site) if site in run.evidence.quit else not_returned(run, site)


def other_result(run: RunEvidence, site: str, result: TaskResult) -> Hint:
    """Return why the result of ``execute`` is not ``OK``."""
    # NVFlare turns a RuntimeError, which NotImplementedError is, into the code of a result that cannot be used.
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        stub = raised.exception == "NotImplementedError"
        return of_exception("execute.stub_left" if stub else "execute.raised", raised)
    if kind := diagnosis.kind_of_result(run, site):
        return nothing_sent_diagnostics.never_awaited(run, site) or _no_shareable(run, site, kind)
    # Whatever else the code is called, NVFlare has logged nothing for which it would have set it itself.
    where = values.returns_after(run, site, EXECUTE, SENDS, result.return_code)
    return Hint("result.not_ok", concepts.RESULT, where or code.returns(run, site, EXECUTE))


def _no_shareable(run: RunEvidence, site: str, kind: str) -> Hint:
    if kind == "None":
        where = values.ends_open(run, site, EXECUTE, SENDS) or code.returns(run, site, EXECUTE)
        return Hint("result.none", concepts.RESULT, where)
    where = values.returns_after(run, site, EXECUTE, SENDS) or code.returns(run, site, EXECUTE)
    return Hint("result.no_shareable", concepts.RESULT, where, {"site": site, "kind": kind})


def _only_the_server(run: RunEvidence, site: str) -> Hint:
    return Hint("targets.only_server", concepts.TARGETS, where_given(run, site, "targets"))


def _taken_for(run: RunEvidence, site: str, other: str) -> Hint:
    """Explain a site that did what would be right at another one."""
    where = values.texts(run, site, other) or where_given(run, site, "targets")
    return Hint("targets.taken_for_another", concepts.SAME_CODE, where, {"site": site, "other": (other,)})


def _content(run: RunEvidence, site: str) -> Places:
    """Return where the content of the messages is made."""
    return code.calls(run, site, "DXO", "to_shareable", *SENDS)


def _calls(run: RunEvidence, site: str) -> Places:
    """Return where messages are sent, in ``execute`` if they are sent there."""
    return code.calls(run, site, *SENDS, method=EXECUTE) or code.calls(run, site, *SENDS)


def _inherits_sending(run: RunEvidence, site: str) -> bool:
    """Return whether ``execute`` calls the inherited one, which sends too."""
    return bool(code.calls(run, site, EXECUTE, method=EXECUTE))
