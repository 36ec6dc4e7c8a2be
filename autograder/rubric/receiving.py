"""Checks of what the student's parties do with messages: handlers, log lines, replies.

A receiver is judged by what reached it: a message that the network lost is not asked about, and an answer counts even
if it came when the sender had given up, unless a check says otherwise.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from autograder.rubric import content_words, diagnosis, log_lines, receive_diagnostics, reply_diagnostics
from autograder.rubric.given_tasks import done_again
from autograder.rubric.hints import failed
from autograder.rubric.matching import Pair
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.receipts import Receipt, called
from autograder.simulator.scenario import SERVER

_NOTHING_CAME = "no message came that could be handled"
_OK = "the handler's reply has the return code OK"
_OK_AND_CONTENT = f"{_OK} and says what is asked for"
_NOTHING_ELSE = "each message handled once, nothing raised, nothing sent"

Receivers = Callable[[str], bool]
"""Says of a party whether its handler is judged."""


def any_site(party: str) -> bool:
    """Tell whether a party is a client."""
    return party != SERVER


def the_server(party: str) -> bool:
    """Tell whether a party is the server."""
    return party == SERVER


def has_handler(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """Pass when a handler answered every message, in whatever way."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        expected = "a handler answers every message"
        receipts = _receipts(played, receivers)
        for receipt in receipts:
            if receipt.unhandled:
                seen = f"{called(receipt.party)} had no handler for topic {receipt.message.topic!r} (TOPIC_UNKNOWN)"
                return failed(expected, seen, receive_diagnostics.unregistered(receipt))
            if receipt.unanswered:
                seen = f"{called(receipt.party)} did not answer {receipt.message.sender}"
                return failed(expected, seen, receive_diagnostics.unanswered(receipt))
        return _passed(receipts, played, receivers, expected)

    return Check(name, title, points, judge)


def logs_each(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """Pass when the receiver's log has the line for every message, and a handler answered that message."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        receipts = _receipts(played, receivers)
        for receipt in receipts:
            expected = f"in the log of {called(receipt.party)}: {receipt.line}"
            if receipt.refused:
                continue
            if receipt.unlogged or receipt.unhandled:
                return failed(expected, *receive_diagnostics.instead_of_line(receipt))
            if receipt.unanswered:
                seen = "the line is there, but the handler did not come to its end"
                return failed(expected, seen, receive_diagnostics.unanswered(receipt))
        asked = [pair.expected.log for _, pair, _ in _awaited(played, receivers) if pair.expected.log]
        if receipts and not asked:
            return failed(title, "no line is asked for", Hint("log.not_declared"))
        lines = {log_lines.blank(template) for template in asked}
        return _passed(receipts, played, receivers, f"in the receiver's log: {' or '.join(sorted(lines))}")

    return Check(name, title, points, judge)


def replies_ok(
    name: str, title: str, points: float, receivers: Receivers, *, nothing_else: bool = False, in_time: bool = False
) -> Check:
    """Pass when the handler's reply to every message has the return code that is asked for, mostly ``OK``.

    Where the scenario says what replies are to say, that counts too.

    Args:
        nothing_else: whether what `does_nothing_else` asks for counts too.
        in_time: whether a reply has to come before its sender gives up waiting. How long senders wait has to leave
            room for a busy machine.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        receipts = _receipts(played, receivers)
        asked = any(receipt.wanted and receipt.wanted.reply_content for receipt in receipts)
        expected = _OK_AND_CONTENT if asked else _OK
        for receipt in receipts:
            if receipt.refused:
                continue
            if not receipt.message.waits and (receipt.unhandled or receipt.unlogged):
                seen = "the handler did not do its work"
                return failed(expected, seen, receive_diagnostics.instead_of_line(receipt)[1])
            if wrong := _wrong_reply(receipt, expected):
                return wrong
            if in_time and receipt.late:
                seen = f"{called(receipt.party)} answered when {receipt.message.sender} had given up waiting"
                return failed(expected, seen, receive_diagnostics.unanswered(receipt))
        if nothing_else and (finding := _beyond(receipts)):
            return finding
        return _passed(receipts, played, receivers, expected)

    return Check(name, title, points, judge)


def each_once(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """Pass when a handler took every message, answered as expected, and logged the expected line once for each.

    That is all that the checks above ask for, together; of messages for which no line is expected, none is asked for.
    """
    parts = (has_handler(name, title, points, receivers), replies_ok(name, title, points, receivers))

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for part in parts:
            if not (finding := part.judge(played)).passed:
                return finding
        receipts = [receipt for receipt in _receipts(played, receivers) if not receipt.refused]
        for receipt in receipts:
            if receipt.unlogged:
                expected = f"in the log of {called(receipt.party)}: {receipt.line}"
                return failed(expected, *receive_diagnostics.instead_of_line(receipt))
            if twice := _logged_twice(receipt, "each message is logged once"):
                return twice
        return _passed(receipts, played, receivers, "each message handled, answered and logged once")

    return Check(name, title, points, judge)


def taken_amiss(receipt: Receipt, expected: str) -> Finding | None:
    """Find what a handler did wrong with a message: its line, its reply, an exception, or a line too many."""
    if receipt.unlogged:
        return failed(expected, *receive_diagnostics.instead_of_line(receipt))
    if wrong := _wrong_reply(receipt, expected):
        return wrong
    if raised := receive_diagnostics.handler_raised(receipt):
        return failed(expected, "the handler raised an exception", raised)
    return _logged_twice(receipt, expected)


def does_nothing_else(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """Pass when nothing was raised in ``handle_event`` or the handler, logged twice, or sent by the handler.

    A server gives no task again to one of the course's sites that has done it.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        receipts = _receipts(played, receivers)
        if not receipts:
            return failed(_NOTHING_ELSE, _NOTHING_CAME, receive_diagnostics.nothing_came(played, receivers))
        if unhandled := [receipt for receipt in receipts if receipt.unhandled]:
            return failed(_NOTHING_ELSE, "no handler was called", receive_diagnostics.unregistered(unhandled[0]))
        return _beyond(receipts) or _passed(receipts, played, receivers, _NOTHING_ELSE)

    return Check(name, title, points, judge)


def _receipts(played: Sequence[RunEvidence], receivers: Receivers) -> list[Receipt]:
    """Return the expected messages that came to the student's judged parties, in a fixed order."""
    return [receipt for _, _, receipts in _awaited(played, receivers) for receipt in receipts]


def _awaited(played: Sequence[RunEvidence], receivers: Receivers) -> Iterator[tuple[RunEvidence, Pair, list[Receipt]]]:
    """Yield what the student's judged parties should get, each with its run and the receipts of what reached them."""
    for run in played:
        for pair in run.matching.pairs:
            wanted = pair.expected
            if wanted.receiver in run.scenario.students and receivers(wanted.receiver):
                receipts = (Receipt(run, message, wanted) for message in (*pair.messages, *pair.repeated))
                came = (receipt for receipt in receipts if receipt.arrivals)
                yield run, pair, list(islice(came, len(pair.messages)))


def _passed(receipts: list[Receipt], played: Sequence[RunEvidence], receivers: Receivers, expected: str) -> Finding:
    if not receipts:
        return failed(expected, _NOTHING_CAME, receive_diagnostics.nothing_came(played, receivers))
    for run, pair, _ in _awaited(played, receivers):
        wanted = pair.expected
        # What a student's own code sends is the matter of `sending`; anything else the course has sent.
        if pair.lacking and not _sends_itself(run, wanted.sender):
            seen = f"no message came from {wanted.sender} to {called(wanted.receiver)}"
            return failed(expected, seen, receive_diagnostics.lost(run, wanted))
    return Finding(True, expected, f"as expected, for {len(receipts)} of {len(receipts)} messages")


def _sends_itself(run: RunEvidence, party: str) -> bool:
    """Return whether the student's code is to send at a party: in its ``execute``, or in handlers after another's."""
    return party in run.scenario.students and bool(run.scenario.tasks)


def _beyond(receipts: Sequence[Receipt]) -> Finding | None:
    for receipt in receipts:
        missing = [one for one in receipts if one.party == receipt.party and one.unlogged and not one.refused]
        if finding := _trouble(receipt, _NOTHING_ELSE, missing):
            return finding
    return None


def _trouble(receipt: Receipt, expected: str, missing: Sequence[Receipt]) -> Finding | None:
    """Return what else went wrong.

    Args:
        missing: the other messages whose line is missing at that party.
    """
    run, party = receipt.run, receipt.party
    if errors := diagnosis.event_errors(run, party):
        hint = receive_diagnostics.event_raised(run, party, errors[0])
        return failed(expected, f"handle_event raised {errors[0].raised.text}", hint)
    if party == SERVER and (error := receive_diagnostics.controller_raised(run)):
        return failed(expected, f"the controller raised {error[0]}", error[1])
    if party == SERVER and (again := done_again(run)):
        return failed("each task given once to each client", *again)
    if not receipt.refusable and (raised := receive_diagnostics.handler_raised(receipt)):
        return failed(expected, "the handler raised an exception", raised)
    if receipt.unanswered:
        return failed(expected, "the handler did not come to its end", receive_diagnostics.unanswered(receipt))
    if twice := _logged_twice(receipt, expected, missing):
        return twice
    if sent := _sent_beyond(run, party):
        seen = f"{called(party)} sent {sent} more messages than were asked for"
        return failed(expected, seen, receive_diagnostics.sent_beyond(run, party))
    return None


def _wrong_reply(receipt: Receipt, expected: str) -> Finding | None:
    """Find a reply other than the expected one: another code to a sender that waits for it, or another content."""
    message, party = receipt.message, called(receipt.party)
    if message.waits and message.reply != receipt.ok:
        seen = f"{message.sender} got {message.reply or 'no reply'} from {party}"
        return failed(expected, seen, receive_diagnostics.not_ok(receipt))
    if receipt.wanted and receipt.wanted.reply_content and (mismatch := receipt.wrong_reply):
        wanted = receipt.wanted.reply_content
        asked_for = content_words.asked_for_in(wanted, wanted.label, "a reply")
        seen = content_words.seen(mismatch, f"the reply from {party} to {message.sender}")
        return failed(asked_for, seen, reply_diagnostics.other_content(receipt, mismatch))
    return None


def _logged_twice(receipt: Receipt, expected: str, missing: Sequence[Receipt] = ()) -> Finding | None:
    # A line with the wrong sender, who says the same too, is the missing one and no second one.
    misnamed = sum(one.text == receipt.text for one in missing if one.text)
    if receipt.surplus_lines <= misnamed:
        return None
    where = receive_diagnostics.where_logged(receipt, every=True)
    hint = Hint("log.instead_of_another" if missing else "log.repeated", None, where)
    return failed(expected, f"the line is {receipt.logged} times in the log of {called(receipt.party)}", hint)


def _sent_beyond(run: RunEvidence, party: str) -> int:
    surplus = run.matching.surplus(party)
    # A student's own code sends as well, and sending twice is the matter of `sending`.
    own = run.matching.sent_by(party) if _sends_itself(run, party) else ()
    wanted = sum(pair.expected.times[1] or 1 for pair in own)
    return surplus if surplus > wanted else 0
