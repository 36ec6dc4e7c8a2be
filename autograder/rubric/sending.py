"""Checks of what the student's parties send: they read what the witness on the wire saw, never a log line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.evidence.model import Message, TaskResult
from autograder.rubric import diagnosis
from autograder.rubric.model import Check, Finding, Played
from autograder.simulator.scenario import SERVER, Expected

_TASK = "talk"


def reaches_everyone(name: str, title: str, points: float) -> Check:
    """Every expected receiver got a message of the topic from every student's site."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            wanted = _expected_of(run, site)
            topic = wanted[0].topic
            receivers = [message.receiver for message in wanted]
            expected = f"a message of topic {topic!r} from {site} to {_listed(receivers)}"
            missing = [to for to in receivers if not any(m.topic == topic for m in _sent(run, site, to))]
            if missing:
                return Finding(
                    False, expected, f"none from {site} to {_listed(missing)}", _why_missing(run, site, missing)
                )
        return _passed(played, "a message to each of the others", "all of them arrived")

    return Check(name, title, points, judge)


def reaches_each_once(name: str, title: str, points: float, *, with_content: bool = False) -> Check:
    """Each expected receiver got one message and nobody else got any; with ``with_content`` what it says counts too."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            expected = f"one message from {site} to each of {_listed([m.receiver for m in _expected_of(run, site)])}"
            if not _anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if extra := _extra(run, site):
                return Finding(False, expected, *extra)
            if with_content and (finding := _wrong_content(run, site) or _wrong_result(run, site)):
                return finding
        return _passed(played, "one message to each other party", "exactly these")

    return Check(name, title, points, judge)


def says_hello(name: str, title: str, points: float) -> Check:
    """Every message is a DXO of the right kind with the right text."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            expected = f'an APP_DEFINED DXO with data["message"] == {_expected_of(run, site)[0].text!r}'
            if not _anything_sent(run, site):
                return _nothing_sent(run, site, expected)
            if finding := _wrong_content(run, site):
                return finding
        return _passed(played, 'an APP_DEFINED DXO with data["message"] of the right text', "that, in every message")

    return Check(name, title, points, judge)


def returns_ok(name: str, title: str, points: float) -> Check:
    """``execute`` returned an ``OK`` reply, having sent something."""

    def judge(played: Sequence[Played]) -> Finding:
        for run, site in _senders(played):
            if not _anything_sent(run, site):
                return _nothing_sent(run, site, "a reply with the return code OK")
            if finding := _wrong_result(run, site):
                return finding
        return _passed(played, "a reply with the return code OK", "OK")

    return Check(name, title, points, judge)


def _senders(played: Sequence[Played]) -> Iterator[tuple[Played, str]]:
    """The student's sites that should send something, each with its run."""
    for run in played:
        for site in sorted(run.scenario.students & run.scenario.executors.keys()):
            if _expected_of(run, site):
                yield run, site


def _expected_of(run: Played, site: str) -> list[Expected]:
    return [message for message in run.scenario.expected if message.sender == site]


def _sent(run: Played, site: str, to: str | None = None) -> list[Message]:
    return [m for m in run.evidence.messages if m.sender == site and to in (None, m.receiver)]


def _anything_sent(run: Played, site: str) -> bool:
    return bool(_sent(run, site)) or site in run.evidence.to_self


def _passed(played: Sequence[Played], expected: str, seen: str) -> Finding:
    if not any(True for _ in _senders(played)):
        return Finding(False, expected, "no run to look at", "Run the exercise, then check it again.")
    return Finding(True, expected, seen)


def _nothing_sent(run: Played, site: str, expected: str) -> Finding:
    return Finding(False, expected, f"{site} sent no message at all", _why_silent(run, site))


def _why_missing(run: Played, site: str, missing: list[str]) -> str:
    if not _anything_sent(run, site):
        return _why_silent(run, site)
    wanted = _expected_of(run, site)[0].topic
    other_topics = {m.topic for m in _sent(run, site) if m.topic != wanted}
    if other_topics:
        return (
            f"Your messages have the topic {_listed(sorted(map(repr, other_topics)))}. Receivers listen to {wanted!r}."
        )
    receivers = {m.receiver for m in _sent(run, site)}
    if receivers == {SERVER}:
        return "Only the server got it. That is what targets=None does in this version: name the receivers."
    if not receivers:
        return f"{site} sent only to itself. Compare each name with fl_ctx.get_identity_name() before you send to it."
    return f"At {site} your targets leave out {_listed(missing)}. Print the list there: whom does it hold at each site?"


def _why_silent(run: Played, site: str) -> str:
    if absent := diagnosis.why_absent(run, site):
        return absent
    if refused := diagnosis.refused_targets(run, site):
        return f"NVFlare does not know {refused!r}, a name in your targets, and then sends to nobody at all."
    if failed := diagnosis.raised_anywhere(run, site, "Failed to send aux message"):
        return (
            f"NVFlare could not send your request: {failed}. It takes a Shareable; a DXO has to_shareable() for that."
        )
    if raised := diagnosis.raised_in(run, site, "execute"):
        if raised.startswith("NotImplementedError"):
            return "execute still raises NotImplementedError: it is waiting for your code."
        return f"execute raised {raised}."
    if site in run.evidence.ended:
        return f"The process of {site} ended by itself. Does execute end the program?"
    if not run.evidence.finished and not any(result.site == site for result in run.evidence.results):
        return "execute did not return. Does it wait for something, or loop?"
    return "execute sent nothing when it got the task 'talk'. Is send_aux_request called for that task name?"


def _extra(run: Played, site: str) -> tuple[str, str] | None:
    """What was seen beyond one message to each expected receiver, and a hint."""
    wanted = {message.receiver for message in _expected_of(run, site)}
    counts = Counter(message.receiver for message in _sent(run, site))
    if site in run.evidence.to_self or counts[site]:
        return (
            f"{site} also sent to itself",
            "Leave your own site out of the targets: fl_ctx.get_identity_name() is its name.",
        )
    if strangers := sorted(counts.keys() - wanted):
        hint = (
            f"Nobody asked for a message to {_listed(strangers)} here: name only the receivers that the exercise names."
        )
        return f"{site} also sent to {_listed(strangers)}", hint
    if repeated := [to for to, count in sorted(counts.items()) if count > 1]:
        seen = ", ".join(f"{counts[to]} to {to}" for to in repeated)
        return (
            f"{site} sent {seen}",
            "Each receiver should get one message. Is there a loop around a call with all targets?",
        )
    if missing := sorted(wanted - counts.keys()):
        return f"{site} sent none to {_listed(missing)}", _why_missing(run, site, missing)
    return None


def _wrong_content(run: Played, site: str) -> Finding | None:
    text = _expected_of(run, site)[0].text
    expected = f'an APP_DEFINED DXO with data["message"] == {text!r}'
    for message in _sent(run, site):
        to = f"the message to {message.receiver}"
        if message.problem:
            return Finding(False, expected, f"{to}: {message.problem}", _content_hint(message))
        if message.data_kind != "APP_DEFINED":
            hint = "The data kind tells the receiver how to read the data. For data of your own it is APP_DEFINED."
            return Finding(False, expected, f"{to} has the data kind {message.data_kind}", hint)
        if message.text != text:
            return Finding(False, expected, f"{to} says {message.text!r}", _text_hint(run, site, message))
    if not _sent(run, site):
        return Finding(False, expected, "no message to another party", "Send to the other parties first.")
    return None


def _content_hint(message: Message) -> str:
    if "no DXO" in message.problem:
        return "Wrap your data in a DXO and turn that into a Shareable; a bare Shareable does not say what it holds."
    if "not str" in message.problem:
        return "The message has to be a text, a str."
    return 'The receivers look for the key "message" in the DXO\'s data. Compare yours letter by letter.'


def _text_hint(run: Played, site: str, message: Message) -> str:
    others = [name for name in run.scenario.executors if name != site and name in (message.text or "")]
    if others:
        return f"At {site} the message names {others[0]}. Take the site's own name from fl_ctx instead of writing one."
    return "Compare the text letter by letter with the one that is asked for; the name in it is the sender's own."


def _wrong_result(run: Played, site: str) -> Finding | None:
    expected = "a reply with the return code OK"
    result = next((r for r in run.evidence.results if r.site == site and r.task == _TASK), None)
    if result is None:
        hint = "execute did not return. Does it wait for something, loop, or end the program?"
        return Finding(False, expected, f"no result from {site}", diagnosis.why_absent(run, site) or hint)
    if result.return_code == "OK":
        return None
    return Finding(False, expected, f"{site} returned {result.return_code}", _result_hint(run, site, result))


def _result_hint(run: Played, site: str, result: TaskResult) -> str:
    # NVFlare turns a RuntimeError, which NotImplementedError is, into the code of a result that cannot be used.
    if raised := diagnosis.raised_in(run, site, "execute"):
        return f"execute raised {raised}."
    if result.return_code == "EXECUTION_EXCEPTION":
        return "execute raised an exception. The log of the site tells which."
    if result.return_code == "EXECUTION_RESULT_ERROR":
        return "execute has to return a Shareable, on every path. Did it return None?"
    return "make_reply takes the return code; for a task that went well it is ReturnCode.OK."


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
