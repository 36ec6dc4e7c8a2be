"""Checks of what the student's parties send: they read what the witness on the wire saw, never a log line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.evidence.model import TaskResult
from autograder.rubric import diagnosis, ideas, why_unhandled, why_unsent
from autograder.rubric.credit import handles_by_stand_in
from autograder.rubric.hints import Hint, failed
from autograder.rubric.model import Check, Finding, Played
from autograder.rubric.receipts import Receipt
from autograder.rubric.why_unsent import anything_sent, listed, sent
from autograder.simulator.scenario import Expected

_OK = "a reply with the return code OK"


def reaches_everyone(name: str, title: str, points: float) -> Check:
    """Every expected receiver got a message of the topic from every student's site."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            wanted = _expected_of(run, site)
            topic = wanted[0].topic
            receivers = [message.receiver for message in wanted]
            expected = f"a message of topic {topic!r} from {site} to {listed(receivers)}"
            missing = [to for to in receivers if not any(m.topic == topic for m in sent(run, site, to))]
            if missing:
                seen = f"none from {site} to {listed(missing)}"
                if others := why_unsent.other_topics(run, site, topic):
                    seen += f", but with the topic {listed(others)}"
                return failed(expected, seen, why_unsent.missing(run, site, missing))
        return _passed(played, "a message to each of the others", "all of them arrived")

    return Check(name, title, points, judge)


def reaches_each_once(name: str, title: str, points: float, *, in_full: bool = False) -> Check:
    """Each expected receiver got one message and nobody else got any.

    Args:
        in_full: whether what the messages say, what ``execute`` returns, and that the student's other sites take and
            log them, count too.
    """

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            expected = f"one message from {site} to each of {listed([m.receiver for m in _expected_of(run, site)])}"
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if extra := _extra(run, site):
                return failed(expected, *extra)
            if in_full and (finding := _wrong_in_full(run, site)):
                return finding
        return _passed(played, "one message to each other party", "exactly these")

    return Check(name, title, points, judge)


def says_hello(name: str, title: str, points: float) -> Check:
    """Every message is a DXO of the right kind with the right text."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            expected = f'an APP_DEFINED DXO with data["message"] == {_expected_of(run, site)[0].text!r}'
            if not anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if finding := _wrong_content(run, site):
                return finding
        return _passed(played, 'an APP_DEFINED DXO with data["message"] of the right text', "that, in every message")

    return Check(name, title, points, judge)


def returns_ok(name: str, title: str, points: float) -> Check:
    """``execute`` returned an ``OK`` reply, having sent something."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            if not anything_sent(run, site):
                return _nothing_sent(run, site, f"{_OK}, when the messages are sent")
            if finding := _wrong_result(run, site):
                return finding
        return _passed(played, _OK, "OK")

    return Check(name, title, points, judge)


def _senders(played: Sequence[Played]) -> Iterator[tuple[Played, str]]:
    """The student's sites that should send something, each with its run.

    A site whose process ended comes first: it may be the reason for which another one is still waiting.
    """
    for run in played:
        sites = run.scenario.students & run.scenario.executors.keys()
        for site in sorted(sites, key=lambda site: (site not in run.evidence.ended, site)):
            if _expected_of(run, site):
                yield run, site


def _expected_of(run: Played, site: str) -> list[Expected]:
    return [message for message in run.scenario.expected if message.sender == site]


def _passed(played: Sequence[Played], expected: str, seen: str) -> Finding:
    if not any(True for _ in _senders(played)):
        return Finding(False, expected, "no run to look at", "Run the exercise, then check it again.")
    return Finding(True, expected, seen)


def _nothing_sent(run: Played, site: str, expected: str) -> Finding:
    return failed(expected, f"{site} sent no message at all", why_unsent.nothing(run, site))


def _wrong_in_full(run: Played, site: str) -> Finding | None:
    return _wrong_content(run, site) or _wrong_result(run, site) or _not_taken(run, site)


def _not_taken(run: Played, site: str) -> Finding | None:
    """Of a message that another of the student's sites did not take, or did not log."""
    expected = "each of your clients takes the message of every other one, and logs it"
    for message in sent(run, site):
        if message.credited or handles_by_stand_in(run.evidence, message.receiver):
            continue
        if message.receiver not in run.scenario.students:
            continue
        receipt = Receipt(run, message)
        if receipt.unhandled:
            return failed(expected, f"{message.receiver} had no handler for it", why_unhandled.lost_handler(receipt))
        if not receipt.logged:
            return failed(expected, *why_unhandled.instead_of_line(receipt))
    return None


def _extra(run: Played, site: str) -> tuple[str, Hint] | None:
    """What was seen beyond one message to each expected receiver, and a hint."""
    wanted = {message.receiver for message in _expected_of(run, site)}
    counts = Counter(message.receiver for message in sent(run, site))
    if site in run.evidence.to_self or counts[site]:
        return f"{site} also sent to itself", why_unsent.to_itself(run, site)
    if strangers := sorted(counts.keys() - wanted):
        return f"{site} also sent to {listed(strangers)}", why_unsent.to_strangers(run, site, strangers)
    if repeated := [to for to, count in sorted(counts.items()) if count > 1]:
        seen = listed([f"{counts[to]} messages to {listed([to])}" for to in repeated])
        return f"{site} sent {seen}", why_unsent.repeated(run, site)
    if early := sum(message.sender == site and message.early for message in run.evidence.messages):
        return f"{site} also sent {early} before it got the task", why_unsent.too_early(run, site)
    if missing := sorted(wanted - counts.keys()):
        return f"{site} sent none to {listed(missing)}", why_unsent.missing(run, site, missing)
    return None


def _wrong_content(run: Played, site: str) -> Finding | None:
    text = _expected_of(run, site)[0].text
    expected = f'an APP_DEFINED DXO with data["message"] == {text!r}'
    for message in sent(run, site):
        to = f"the message to {listed([message.receiver])}"
        if message.problem:
            return failed(expected, f"{to}: {message.problem}", why_unsent.unreadable(run, site, message))
        if message.data_kind != "APP_DEFINED":
            told = f"{to} has the data kind {message.data_kind}"
            return failed(expected, told, why_unsent.other_kind(run, site))
        if message.text != text:
            return failed(expected, f"{to} says {message.text!r}", why_unsent.other_text(run, site, message))
    if not sent(run, site):
        return failed(expected, "no message to another party", Hint("Send to the other parties first.", ideas.TARGETS))
    return None


def _wrong_result(run: Played, site: str) -> Finding | None:
    result = next((r for r in run.evidence.results if r.site == site), None)
    if result is None:
        return failed(_OK, f"no result from {site}", why_unsent.no_result(run, site))
    if result.return_code == "OK":
        return None
    return failed(_OK, _result_seen(run, site, result), why_unsent.other_result(run, site, result))


def _result_seen(run: Played, site: str, result: TaskResult) -> str:
    """What came in place of an ``OK`` reply. Some codes are NVFlare's own, and say that there was no reply."""
    if diagnosis.raised_in(run, site, "execute"):
        return f"execute raised an exception at {site}; NVFlare made {result.return_code} of it"
    if kind := diagnosis.kind_of_result(run, site):
        return f"execute returned {kind} at {site}; NVFlare made {result.return_code} of it"
    return f"{site} returned {result.return_code}"
