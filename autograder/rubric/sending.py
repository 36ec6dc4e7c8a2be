"""Checks of what the student's parties send: they read what the witness on the wire saw, never a log line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.evidence.model import Message, TaskResult
from autograder.rubric import (
    concepts,
    content_words,
    diagnosis,
    receive_diagnostics,
    reply_diagnostics,
    send_diagnostics,
)
from autograder.rubric.credit import handles_by_stand_in
from autograder.rubric.hints import failed, passed
from autograder.rubric.matching import WrongResult, mismatch_of
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.receipts import Receipt
from autograder.rubric.receiving import taken_amiss
from autograder.rubric.send_diagnostics import anything_sent, listed, sent
from autograder.simulator.network.content import Mismatch
from autograder.simulator.scenario import Expected

_OK = "a reply with the return code OK"


def reaches_everyone(name: str, title: str, points: float) -> Check:
    """Pass when every student's site sent each expected receiver as many messages of the topic as expected."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            if finding := _too_few(run, site):
                return finding
        return _passed(played, "a message to each of the others", "all of them arrived")

    return Check(name, title, points, judge)


def reaches_each_once(name: str, title: str, points: float, *, in_full: bool = False) -> Check:
    """Pass when each expected receiver got what is expected, no more often than that, and nobody else got any.

    Args:
        in_full: whether what the messages say, what ``execute`` returns, how the student's other sites take them, and
            that ``handle_event`` raises nothing, count too.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            expected = f"{_how_many(run, site)} from {site} to each of {listed(_receivers(run, site))}"
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if extra := _extra(run, site):
                return failed(expected, *extra)
            if in_full and (finding := _wrong_in_full(run, site)):
                return finding
        return _passed(played, "one message to each other party", "exactly these")

    return Check(name, title, points, judge)


def says(name: str, title: str, points: float) -> Check:
    """Pass when every message has a content that is expected of its sender."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            expected = content_words.asked_for(_expected_of(run, site)[0])
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if finding := _wrong_content(run, site):
                return finding
        first = next((_expected_of(run, site)[0] for run, site in _senders(played)), None)
        return _passed(played, content_words.asked_for_everywhere(first) if first else title, "that, in every message")

    return Check(name, title, points, judge)


def as_expected(name: str, title: str, points: float) -> Check:
    """Pass when the student's sites sent every expected message, as often as asked for, with its content.

    Messages of several rounds are told apart: see `autograder.rubric.matching`.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            if finding := _too_few(run, site) or _wrong_content(run, site):
                return finding
        return _passed(played, "every message that is asked for, with what it is to say", "exactly that")

    return Check(name, title, points, judge)


def no_others(name: str, title: str, points: float) -> Check:
    """Pass when the student's sites sent something, and nothing but what is expected."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            expected = f"no message from {site} besides those that are asked for"
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if found := _to_others(run, site) or _more_to_the_same(run, site):
                return failed(expected, *found)
        return _passed(played, "no message besides those that are asked for", "none")

    return Check(name, title, points, judge)


def at_most(name: str, title: str, points: float, count: int, topic: str = "") -> Check:
    """Pass when each of the student's sites sent something, and at most ``count`` messages, of one topic or of all."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            expected = f"at most {count} messages from {site}"
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            number = sum(topic in ("", message.topic) for message in sent(run, site))
            if number > count:
                return failed(expected, f"{number} messages", send_diagnostics.repeated(run, site))
        return _passed(played, f"at most {count} messages from each site", "no more than that")

    return Check(name, title, points, judge)


def acknowledged(name: str, title: str, points: float) -> Check:
    """Pass when every message that is expected of the student's sites was answered as expected while they waited.

    An answer that came too late, or was lost, is none: the sender is judged, who never got it. Of a message that may be
    sent several times, it is enough that one was answered: so a site has to try again until it has an answer.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            if finding := _too_few(run, site):
                return finding
            for pair in run.matching.sent_by(site):
                if pair.expected.times[0] and not pair.is_acknowledged:
                    expected = f"{listed([pair.expected.receiver])} answers {pair.expected.reply}, and {site} gets that"
                    hint = send_diagnostics.given_up(run, site, pair.expected.receiver)
                    return failed(expected, f"no such answer to {len(pair.messages)} messages", hint)
        return _passed(played, "an answer to every message, in time", "all of them")

    return Check(name, title, points, judge)


def returns_ok(name: str, title: str, points: float) -> Check:
    """Pass when ``execute`` returned an ``OK`` reply, having sent something."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, site in _senders(played):
            if not anything_sent(run, site):
                return _nothing_sent(run, site, f"{_OK}, when the messages are sent")
            if finding := wrong_result(run, site):
                return finding
        return _passed(played, _OK, "OK")

    return Check(name, title, points, judge)


def _senders(played: Sequence[RunEvidence]) -> Iterator[tuple[RunEvidence, str]]:
    """Yield the student's sites that should send something, each with its run.

    A site whose process ended comes first: it may be the reason for which another one is still waiting.
    """
    for run in played:
        sites = run.scenario.students & run.scenario.executors.keys()
        for site in sorted(sites, key=lambda site: (site not in run.evidence.ended, site)):
            if _expected_of(run, site):
                yield run, site


def _expected_of(run: RunEvidence, site: str) -> list[Expected]:
    return [pair.expected for pair in run.matching.sent_by(site)]


def _receivers(run: RunEvidence, site: str) -> list[str]:
    """Return whom a site has to send something to; if nobody, whom it may send something to."""
    wanted = _expected_of(run, site)
    needed = [message for message in wanted if message.times[0]]
    return list(dict.fromkeys(message.receiver for message in needed or wanted))


def _how_many(run: RunEvidence, site: str) -> str:
    """Return how many messages each receiver is to get from a site, in words."""
    wanted = _expected_of(run, site)
    most = [sum(one.times[1] or one.times[0] for one in wanted if one.receiver == to) for to in _receivers(run, site)]
    if set(most) == {1}:
        return "one message"
    return f"{most[0]} messages" if len(set(most)) == 1 else "as many messages as are asked for"


def _passed(played: Sequence[RunEvidence], expected: str, seen: str) -> Finding:
    return passed(list(_senders(played)), expected, seen)


def _nothing_sent(run: RunEvidence, site: str, expected: str) -> Finding:
    return failed(expected, f"{site} sent no message at all", send_diagnostics.nothing(run, site))


def _wrong_in_full(run: RunEvidence, site: str) -> Finding | None:
    return _wrong_content(run, site) or wrong_result(run, site) or _not_taken(run, site) or raised_at_event(run, site)


def raised_at_event(run: RunEvidence, site: str) -> Finding | None:
    """Find an exception that ``handle_event`` of a site let out, at whatever event."""
    if not (errors := diagnosis.event_errors(run, site)):
        return None
    hint = receive_diagnostics.event_raised(run, site, errors[0])
    return failed("nothing is raised in handle_event", f"handle_event raised {errors[0].raised.text}", hint)


def _not_taken(run: RunEvidence, site: str) -> Finding | None:
    """Find a message that another of the student's sites did not take as it should: see `receiving.taken_amiss`."""
    expected = "each of your clients takes the message of every other one: it logs it once, and answers OK"
    for message in sent(run, site):
        pair = run.matching.pair_of(message)
        if message.credited or handles_by_stand_in(run.evidence, message.receiver):
            continue
        if message.receiver not in run.scenario.students:
            continue
        receipt = Receipt(run, message, pair.expected if pair else None)
        if not receipt.arrivals:
            continue
        if receipt.unhandled:
            return failed(
                expected, f"{message.receiver} had no handler for it", receive_diagnostics.lost_handler(receipt)
            )
        if amiss := taken_amiss(receipt, expected):
            return amiss
    return None


def _too_few(run: RunEvidence, site: str) -> Finding | None:
    """Find messages that are expected of a site and were not sent; their content does not count here."""
    pairs = run.matching.sent_by(site)
    lacking = [pair for pair in pairs if pair.lacking]
    if not lacking:
        return None
    topic, missing = lacking[0].expected.topic, list(dict.fromkeys(pair.expected.receiver for pair in lacking))
    expected = f"a message of topic {topic!r} from {site} to {listed(_receivers(run, site))}"
    none = [to for to in missing if not any(message.topic == topic for message in sent(run, site, to))]
    few = f"{sum(pair.lacking for pair in lacking)} too few from {site} to {listed(missing)}"
    seen = few if len(none) < len(missing) else f"none from {site} to {listed(missing)}"
    if others := send_diagnostics.other_topics(run, site, topic):
        seen += f", but with the topic {listed(others)}"
    return failed(expected, seen, send_diagnostics.missing(run, site, missing))


def _more_to_the_same(run: RunEvidence, site: str) -> tuple[str, Hint] | None:
    """Return what a site sent beyond what its receivers expect, and a hint."""
    repeated = [message for pair in run.matching.sent_by(site) for message in pair.repeated]
    more = [*run.matching.extra_from(site), *repeated]
    if not more:
        return None
    receivers = sorted({message.receiver for message in more})
    return f"{site} sent {len(more)} more to {listed(receivers)}", send_diagnostics.repeated(run, site)


def _to_others(run: RunEvidence, site: str) -> tuple[str, Hint] | None:
    """Find receivers who expect nothing of a site, and return them in words with a hint."""
    wanted = {message.receiver for message in _expected_of(run, site)}
    reached = {message.receiver for message in sent(run, site)}
    if site in run.evidence.to_self or site in reached:
        return f"{site} also sent to itself", send_diagnostics.to_itself(run, site)
    if strangers := sorted(reached - wanted):
        return f"{site} also sent to {listed(strangers)}", send_diagnostics.to_strangers(run, site, strangers)
    return None


def _extra(run: RunEvidence, site: str) -> tuple[str, Hint] | None:
    """Return what the expected receivers got too much or too little, and a hint."""
    if found := _to_others(run, site):
        return found
    wanted = {message.receiver for message in _expected_of(run, site)}
    reached = {message.receiver for message in sent(run, site)}
    if repeated := [to for to in sorted(wanted) if run.matching.surplus(site, to, early=False)]:
        seen = listed([f"{len(sent(run, site, to))} messages to {listed([to])}" for to in repeated])
        return f"{site} sent {seen}", send_diagnostics.repeated(run, site)
    if early := [message for message in run.matching.extra_from(site) if message.early]:
        return f"{site} also sent {len(early)} before it got the task", send_diagnostics.too_early(run, site)
    needed = {message.receiver for message in _expected_of(run, site) if message.times[0]}
    if missing := sorted(needed - reached):
        return f"{site} sent none to {listed(missing)}", send_diagnostics.missing(run, site, missing)
    return None


def _wrong_content(run: RunEvidence, site: str) -> Finding | None:
    for message in sent(run, site):
        wanted, mismatch = _mismatch(run, message)
        if wanted and mismatch:
            seen = content_words.seen(mismatch, f"the message to {listed([message.receiver])}")
            return failed(
                content_words.asked_for(wanted), seen, send_diagnostics.other_content(run, site, message, mismatch)
            )
    if not sent(run, site):
        expected = content_words.asked_for(_expected_of(run, site)[0])
        return failed(expected, "no message to another party", Hint("targets.no_other", concepts.TARGETS))
    return None


def _mismatch(run: RunEvidence, message: Message) -> tuple[Expected | None, Mismatch | None]:
    """Return what is wrong in a message; an unasked one may say what any other message should say."""
    pair = run.matching.pair_of(message)
    if pair and message in pair.messages:
        return pair.expected, pair.wrong.get(message.number)
    others = [pair.expected] if pair else _expected_of(run, message.sender)
    found = [(wanted, mismatch_of(wanted, message.content)) for wanted in others]
    return next((one for one in found if one[1] is None), found[0])


def wrong_result(run: RunEvidence, site: str) -> Finding | None:
    """Return the finding on the results of a site's tasks.

    None when each has one, all are ``OK``, and say what they are to say.
    """
    if not run.scenario.owes_result(site):
        return None
    results = [result for result in run.evidence.results if result.site == site]
    answered = Counter(result.task for result in results)
    asked = Counter(one.task for one in run.expected_results if one.site == site)
    asked |= Counter(run.scenario.tasks_of(site))
    lacking = [task for task, count in asked.items() if answered[task] < count]
    if lacking or not results:
        of_task = f" for the task {lacking[0]!r}" if results else ""
        return failed(_OK, f"no result from {site}{of_task}", send_diagnostics.no_result(run, site))
    other = next((result for result in results if result.return_code != "OK"), None)
    if other:
        return failed(_OK, _result_seen(run, site, other), send_diagnostics.other_result(run, site, other))
    return next((_wrong_content_of(run, wrong) for wrong in run.wrong_results if wrong.expected.site == site), None)


def _wrong_content_of(run: RunEvidence, wrong: WrongResult) -> Finding:
    wanted = wrong.expected.content
    expected = content_words.asked_for_in(wanted, wanted.label, "a result")
    seen = content_words.seen(wrong.mismatch, f"the result of {wrong.expected.site}")
    return failed(expected, seen, reply_diagnostics.other_result(run, wrong))


def _result_seen(run: RunEvidence, site: str, result: TaskResult) -> str:
    """Return what came in place of an ``OK`` reply. Some codes are NVFlare's own for a missing reply."""
    if diagnosis.raised_in(run, site, "execute"):
        return f"execute raised an exception at {site}; NVFlare made {result.return_code} of it"
    if kind := diagnosis.kind_of_result(run, site):
        what = kind if kind == "None" else f"a value of type {kind}"
        return f"execute returned {what} at {site}; NVFlare made {result.return_code} of it"
    return f"{site} returned {result.return_code}"
