"""Checks of what the student's parties send: they read what the witness on the wire saw, never a log line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.evidence.model import Message, TaskResult
from autograder.rubric import code, diagnosis, ideas
from autograder.rubric.hints import Hint, failed, of_exception
from autograder.rubric.model import Check, Finding, Played
from autograder.simulator.scenario import SERVER, Expected

_TASK = "talk"
_SENDS = ("send_aux_request", "multicast_aux_requests")


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
                return failed(expected, f"none from {site} to {_listed(missing)}", _why_missing(run, site, missing))
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
                return failed(expected, *extra)
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
    return failed(expected, f"{site} sent no message at all", _why_silent(run, site))


def _why_missing(run: Played, site: str, missing: list[str]) -> Hint:
    if not _anything_sent(run, site):
        return _why_silent(run, site)
    where = code.calls(run, site, *_SENDS, method="execute")
    wanted = _expected_of(run, site)[0].topic
    other_topics = {m.topic for m in _sent(run, site) if m.topic != wanted}
    if other_topics:
        told = f"Your messages have the topic {_listed(sorted(map(repr, other_topics)))}."
        return Hint(f"{told} Receivers listen to {wanted!r}.", ideas.TOPIC, where)
    receivers = {m.receiver for m in _sent(run, site)}
    if receivers == {SERVER}:
        told = "Only the server got it. That is what targets=None does in this version: name the receivers."
        return Hint(told, ideas.TARGETS_OF_NONE, where)
    if raised := diagnosis.raised_in(run, site, "execute"):
        return of_exception(f"execute raised {raised}, and {_listed(missing)} had got nothing by then.")
    if not receivers:
        told = f"{site} sent only to itself. Compare each name with fl_ctx.get_identity_name() before you send to it."
        return Hint(told, ideas.SAME_CODE, where)
    told = f"At {site} your targets leave out {_listed(missing)}. Print the list there: whom does it hold at each site?"
    return Hint(told, ideas.TARGETS, where)


def _why_silent(run: Played, site: str) -> Hint:
    where = code.calls(run, site, *_SENDS, method="execute")
    if absent := diagnosis.why_absent(run, site):
        return Hint(absent, blocks=True)
    if refused := diagnosis.refused_targets(run, site):
        told = f"NVFlare does not know {refused!r}, a name in your targets, and then sends to nobody at all."
        return Hint(told, ideas.KNOWN_NAMES, where)
    if reason := diagnosis.raised_anywhere(run, site, "Failed to send aux message"):
        told = f"NVFlare could not send your request: {reason}."
        return Hint(f"{told} It takes a Shareable; a DXO has to_shareable() for that.", ideas.CONTENT, where)
    if raised := diagnosis.raised_in(run, site, "execute"):
        if raised.startswith("NotImplementedError"):
            return Hint("execute still raises NotImplementedError: it is waiting for your code.", blocks=True)
        return of_exception(f"execute raised {raised}.")
    if site in run.evidence.ended:
        return Hint(f"The process of {site} ended by itself. Does execute end the program?", blocks=True)
    if not run.evidence.finished and not any(result.site == site for result in run.evidence.results):
        return Hint("execute did not return. Does it wait for something, or loop?", ideas.WAITING, blocks=True)
    told = "execute sent nothing when it got the task 'talk'. Is send_aux_request called for that task name?"
    return Hint(told, ideas.TASK, where)


def _extra(run: Played, site: str) -> tuple[str, Hint] | None:
    """What was seen beyond one message to each expected receiver, and a hint."""
    wanted = {message.receiver for message in _expected_of(run, site)}
    counts = Counter(message.receiver for message in _sent(run, site))
    where = code.calls(run, site, *_SENDS, method="execute")
    if site in run.evidence.to_self or counts[site]:
        told = "Leave your own site out of the targets: fl_ctx.get_identity_name() is its name."
        return f"{site} also sent to itself", Hint(told, ideas.SAME_CODE, where)
    if strangers := sorted(counts.keys() - wanted):
        names = _listed(strangers)
        told = f"Nobody asked for a message to {names} here: name only the receivers that the exercise names."
        return f"{site} also sent to {names}", Hint(told, ideas.TARGETS, where)
    if repeated := [to for to, count in sorted(counts.items()) if count > 1]:
        seen = ", ".join(f"{counts[to]} to {to}" for to in repeated)
        told = "Each receiver should get one message. Is there a loop around a call with all targets?"
        return f"{site} sent {seen}", Hint(told, ideas.TARGETS, where)
    if missing := sorted(wanted - counts.keys()):
        return f"{site} sent none to {_listed(missing)}", _why_missing(run, site, missing)
    return None


def _wrong_content(run: Played, site: str) -> Finding | None:
    text = _expected_of(run, site)[0].text
    expected = f'an APP_DEFINED DXO with data["message"] == {text!r}'
    where = code.calls(run, site, "DXO", "to_shareable", *_SENDS, method="execute")
    for message in _sent(run, site):
        to = f"the message to {message.receiver}"
        if message.problem:
            told = Hint(_content_hint(message), ideas.CONTENT, where)
            return failed(expected, f"{to}: {message.problem}", told)
        if message.data_kind != "APP_DEFINED":
            told = Hint(
                "The data kind tells the receiver how to read the data. For data of your own it is APP_DEFINED.",
                ideas.CONTENT,
                where,
            )
            return failed(expected, f"{to} has the data kind {message.data_kind}", told)
        if message.text != text:
            return failed(expected, f"{to} says {message.text!r}", _text_hint(run, site, message, where))
    if not _sent(run, site):
        return failed(expected, "no message to another party", Hint("Send to the other parties first.", ideas.TARGETS))
    return None


def _content_hint(message: Message) -> str:
    if "no DXO" in message.problem:
        return "Wrap your data in a DXO and turn that into a Shareable; a bare Shareable does not say what it holds."
    if "not str" in message.problem:
        return "The message has to be a text, a str."
    return 'The receivers look for the key "message" in the DXO\'s data. Compare yours letter by letter.'


def _text_hint(run: Played, site: str, message: Message, where: str) -> Hint:
    others = [name for name in run.scenario.executors if name != site and name in (message.text or "")]
    if others:
        told = f"At {site} the message names {others[0]}. Take the site's own name from fl_ctx instead of writing one."
        return Hint(told, ideas.SAME_CODE, where)
    told = "Compare the text letter by letter with the one that is asked for; the name in it is the sender's own."
    return Hint(told, where=where)


def _wrong_result(run: Played, site: str) -> Finding | None:
    expected = "a reply with the return code OK"
    result = next((r for r in run.evidence.results if r.site == site and r.task == _TASK), None)
    if result is None:
        return failed(expected, f"no result from {site}", _why_no_result(run, site))
    if result.return_code == "OK":
        return None
    return failed(expected, f"{site} returned {result.return_code}", _result_hint(run, site, result))


def _why_no_result(run: Played, site: str) -> Hint:
    if absent := diagnosis.why_absent(run, site):
        return Hint(absent, blocks=True)
    told = "execute did not return. Does it wait for something, loop, or end the program?"
    return Hint(told, ideas.WAITING, blocks=True)


def _result_hint(run: Played, site: str, result: TaskResult) -> Hint:
    # NVFlare turns a RuntimeError, which NotImplementedError is, into the code of a result that cannot be used.
    if raised := diagnosis.raised_in(run, site, "execute"):
        return of_exception(f"execute raised {raised}.")
    if result.return_code == "EXECUTION_EXCEPTION":
        return of_exception("execute raised an exception. The log of the site tells which.")
    where = code.returns(run, site, "execute")
    if result.return_code == "EXECUTION_RESULT_ERROR":
        told = "execute has to return a Shareable, on every path. Did it return None?"
        return Hint(told, ideas.RESULT, where)
    told = "make_reply takes the return code; for a task that went well it is ReturnCode.OK."
    return Hint(told, ideas.RESULT, where)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
