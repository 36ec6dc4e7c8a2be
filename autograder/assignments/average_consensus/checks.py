"""The checks of what sites compute: values on the wire, the result in the log, and the neighbours that were lost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from autograder.assignments.average_consensus import ideas, value_hints
from autograder.assignments.average_consensus.losses import LOST, as_it_came, overdue, waited
from autograder.assignments.average_consensus.protocol import TOPIC, Consensus, seen_in
from autograder.assignments.average_consensus.scenarios import CONFIG
from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, diagnosis, log_lines, receive_diagnostics, send_diagnostics
from autograder.rubric.hints import failed, passed
from autograder.rubric.log_lines import Fields
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import where_given
from autograder.rubric.receipts import Receipt, component_lines
from autograder.rubric.sending import as_expected, no_others, reaches_everyone, wrong_result
from autograder.simulator.scenario import LogTemplate

RESULT = LogTemplate("Consensus after {iterations} iterations: {value}", atol=1e-3)
_LOGS = ("log_info", "info", "log_warning", "warning", "log_error", "error")
_NEARLY = 0.97
"""Clocks of several processes are read, and waiting is a little inexact."""
_TOO_LATE = 1.4
"""Whoever goes by its patience has gone on so many seconds after it, even on a machine that is slow all the time.

Whoever waits for it twice goes on more than 3 seconds after it.
"""
_LONG = 1.0
"""Seconds for which no handler keeps a sender waiting that returns at once."""
_Judge = Callable[[RunEvidence, Consensus, str], Finding | None]


def values(name: str, title: str, points: float) -> Check:
    """Pass when every value that a site sends follows from what it received in the iteration before."""
    told = _what_failed_first(as_expected(name, title, points))

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, consensus, site in _sites(played):
            if finding := _wrong_value(run, consensus, site):
                return finding
        pairs = [pair for run, _, site in _sites(played) for pair in run.matching.sent_by(site)]
        if pairs and not any(pair.lacking or pair.wrong for pair in pairs):
            return Finding(True, "each value is what follows from what its site received", "that, in every message")
        return told.judge(played)

    return Check(name, title, points, judge, ideas.AVERAGING)


def _wrong_value(run: RunEvidence, consensus: Consensus, site: str) -> Finding | None:
    wrong = (pair for pair in run.matching.sent_by(site) if pair.wrong)
    return next(filter(None, (value_hints.explain(run, consensus, site, pair) for pair in wrong)), None)


def sent_each(name: str, title: str, points: float) -> Check:
    """Pass when every site sent each neighbour a value in each iteration that it could reach."""
    told = _what_failed_first(reaches_everyone(name, title, points))

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, _, site in _sites(played):
            if finding := _lacking_iteration(run, site):
                return finding
        return told.judge(played)

    return Check(name, title, points, judge)


def nothing_more(name: str, title: str, points: float) -> Check:
    """Pass when nobody was sent more than is asked for, a lost neighbour included."""
    told = _what_failed_first(no_others(name, title, points))

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run, consensus, site in _sites(played):
            after = [m for m in run.matching.extra_from(site) if m.receiver in consensus.lost_by(site)]
            if after:
                expected, number = f"no message from {site} to a neighbour that it has lost", len(after)
                words = "{name} was sent more after it was lost. Whom do your targets name then?"
                where = where_given(run, site, "targets")
                hint = Hint("lost.sent_on", ideas.LOSS, where, {"name": after[0].receiver}, words=words)
                return failed(expected, f"{number} more to {after[0].receiver}", hint)
        return told.judge(played)

    return Check(name, title, points, judge)


def _what_failed_first(check: Check) -> Check:
    """Return a check that explains an exception on the task ``config`` before anything that follows from it."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        finding = check.judge(played)
        if finding.passed:
            return finding
        for run, _, site in _sites(played):
            failed_on = {one.task for one in run.evidence.results if one.site == site and one.return_code != "OK"}
            if CONFIG in failed_on and (raised := diagnosis.raised_in(run, site, "execute")):
                return replace(finding, hint=value_hints.raised(raised))
        return finding

    return replace(check, judge=judge)


def _lacking_iteration(run: RunEvidence, site: str) -> Finding | None:
    """Find an iteration that is missing among the values that a neighbour got."""
    pair = next((pair for pair in run.matching.sent_by(site) if pair.lacking), None)
    if pair is None:
        return None
    if site in run.evidence.quit or diagnosis.why_absent(run, site):
        return None  # there is more to say of it
    to, number = pair.expected.receiver, str(pair.expected.key["iteration"])
    got = {m.content.get("iteration") for m in send_diagnostics.sent(run, site, to) if m.topic == pair.expected.topic}
    if not got:
        return None
    expected, seen = f"the value of iteration {number} from {site} to {to}", "none"
    if number == "0":
        words = "The first iteration has the number 0, and {site} sent {to} none of that number."
        hint = Hint(
            "iteration.first", ideas.ROUNDS, where_given(run, site, "data"), {"site": site, "to": to}, words=words
        )
        return failed(expected, seen, hint)
    if raised := diagnosis.raised_in(run, site, "execute"):
        return failed(expected, seen, value_hints.raised(raised))
    if wrong := _wrong_value(run, as_it_came(Consensus.of(run.scenario), run.evidence), site):
        return wrong  # what went wrong before it stopped is why
    if waiting := _waiting_handler(run):
        return failed(expected, seen, waiting)
    words = "{site} had all that it needs for iteration {number}, and sent {to} nothing. Where does it stop?"
    told: dict[str, Datum] = {"site": site, "number": number, "to": to}
    where = code.waits(run, site, "execute") or code.returns(run, site, "execute")
    return failed(expected, seen, Hint("iteration.stopped", ideas.ROUNDS, where, told, words=words))


def result(name: str, title: str, points: float, *, replies: bool = False) -> Check:
    """Pass when each site has logged its last value, once, and answered its tasks with ``OK``.

    Args:
        replies: whether it has to have answered the messages of its neighbours with ``OK`` as well.
    """
    expected = f"in the log: {log_lines.blank(RESULT)}"
    judges: tuple[_Judge, ...] = (_wrong_line, _wrong_result)
    judges += (_wrong_reply,) if replies else ()
    return _what_failed_first(_for_each_site(name, title, points, expected, *judges))


def lost(name: str, title: str, points: float) -> Check:
    """Pass when each site has logged its lost neighbours, each once, and nobody else."""
    return _for_each_site(name, title, points, f"in the log: {log_lines.blank(LOST)}", _wrong_losses)


def _for_each_site(name: str, title: str, points: float, expected: str, *judges: _Judge) -> Check:
    def judge(played: Sequence[RunEvidence]) -> Finding:
        for wrong in judges:
            for run, consensus, site in _sites(played):
                if finding := wrong(run, consensus, site):
                    return finding
        return passed(played, expected, "that, at every site")

    return Check(name, title, points, judge)


def _sites(played: Sequence[RunEvidence]) -> Iterator[tuple[RunEvidence, Consensus, str]]:
    """Yield the sites; first those that lacked nothing, since what is wrong begins there."""
    for run in played:
        consensus = as_it_came(Consensus.of(run.scenario), run.evidence)
        seen = seen_in(run.evidence)
        ended = run.evidence.ended

        def lacks(site: str, consensus: Consensus = consensus, seen: dict[tuple[str, str, int], float] = seen) -> bool:
            return consensus.value(site, consensus.iterations, seen) is None

        for site in sorted(run.scenario.students, key=lambda one: (one not in ended, lacks(one), one)):
            yield run, consensus, site


def _wrong_line(run: RunEvidence, consensus: Consensus, site: str) -> Finding | None:
    value = consensus.value(site, consensus.iterations, seen_in(run.evidence))
    lines = [line.text for line in component_lines(run, site)]
    alike = [text for text in lines if log_lines.parsed(RESULT, text) is not None]
    if value is None:
        return _lacks_a_value(run, consensus, site, alike)
    fields: Fields = {"iterations": consensus.iterations, "value": value}
    times = sum(log_lines.says(RESULT, text, fields) for text in alike)
    if times == len(alike) == 1:
        return None
    expected = f"in the log of {site}: {log_lines.filled(RESULT, fields)}"
    where = code.calls(run, site, *_LOGS)
    if len(alike) > 1:
        return failed(expected, f"{len(alike)} such lines", Hint("log.too_often", None, where))
    if alike:
        return failed(
            expected, f"the log says: {alike[0][:200]}", value_hints.other_result(run, consensus, site, alike[0])
        )
    return failed(expected, "no such line", _no_line(run, site))


def _wrong_result(run: RunEvidence, _: Consensus, site: str) -> Finding | None:
    """Find a wrong result. Where a handler that waits has kept its senders waiting, that is why one is missing."""
    finding = wrong_result(run, site)
    if finding is None or not isinstance(finding.hint, Hint) or finding.hint.code != "execute.no_end":
        return finding
    return replace(finding, hint=_waiting_handler(run) or finding.hint)


def _waiting_handler(run: RunEvidence) -> Hint | None:
    """Explain a handler that waits for something, and answered a message that simply arrived too late, or never."""
    took_long = (
        one.receiver
        for one in run.evidence.distinct
        if one.topic == TOPIC and one.arrivals and one.waits and not (one.fate or one.answered_in_time)
        if one.reply is None or one.gave_up_after >= _LONG
    )
    slow = next((party for party in took_long if party in run.scenario.students), None)
    where = code.waits(run, slow, code.handler(run, slow, TOPIC)) if slow else ()
    return Hint("handler.no_end", concepts.SHORT_HANDLER, where) if where else None


def _wrong_reply(run: RunEvidence, _: Consensus, site: str) -> Finding | None:
    """Find a reply other than ``OK`` to a neighbour that had waited for it."""
    for pair in run.matching.pairs:
        for message in pair.messages if pair.expected.receiver == site else ():
            if message.waits and message.reply not in (None, "OK"):
                seen = f"{message.sender} got {message.reply} from {site}"
                why = receive_diagnostics.not_ok(Receipt(run, message, pair.expected))
                return failed("the handler's reply has the return code OK", seen, why)
    return None


def _lacks_a_value(run: RunEvidence, consensus: Consensus, site: str, alike: Sequence[str]) -> Finding:
    seen, expected = seen_in(run.evidence), f"in the log of {site}: {log_lines.blank(RESULT)}"
    if not send_diagnostics.anything_sent(run, site):
        return failed(expected, f"{site} sent no message at all", send_diagnostics.nothing(run, site))
    number = next(k for k in range(consensus.iterations) if consensus.inputs(site, k, seen) is None)
    lacking = [one for one in consensus.weights[site] if (one, site, number) not in seen]
    told: dict[str, Datum] = {"site": site, "number": number, "names": tuple(lacking)}
    words = "{site} got no value of {names} in iteration {number}, and had nothing to average. Mend what is sent first."
    if not lacking:
        words = "{site} sent no value in iteration {number}, though it had all that it needs. What does it wait for?"
    where = code.waits(run, site, "execute")
    return failed(
        expected, alike[0][:200] if alike else "no such line", Hint("result.lacks", None, where, told, words=words)
    )


def _no_line(run: RunEvidence, site: str) -> Hint:
    if absent := diagnosis.why_absent(run, site):
        return absent
    if raised := diagnosis.raised_in(run, site, "execute"):
        return value_hints.raised(raised)
    where = code.calls(run, site, *_LOGS)
    return Hint("log.not_reached_or_other", None, where) if where else Hint("log.no_call", concepts.LOGGING)


def _wrong_losses(run: RunEvidence, consensus: Consensus, site: str) -> Finding | None:
    lost = consensus.lost_by(site)
    wanted: dict[str, Fields] = {name: {"name": name, "iteration": at} for name, at in lost.items()}
    expected = " and ".join(log_lines.filled(LOST, fields) for fields in wanted.values())
    expected = f"in the log of {site}: {expected}"
    told = [line.text for line in component_lines(run, site) if log_lines.parsed(LOST, line.text) is not None]
    parsed = [log_lines.parsed(LOST, text) or {} for text in told]
    where = code.calls(run, site, *_LOGS)
    if others := [one for one in parsed if one["name"] not in wanted]:
        why = value_hints.lost_another(run, consensus, site, others[0])
        return failed(expected, f"it also says: Lost {others[0]['name']}", why)
    for name, fields in wanted.items():
        own = [text for text, one in zip(told, parsed, strict=True) if one["name"] == name]
        if not own:
            return failed(expected, f"no line on {name}", _no_loss(run, site))
        if len(own) > 1:
            return failed(expected, f"{len(own)} lines on {name}", Hint("log.too_often", ideas.LOSS, where))
        if not log_lines.says(LOST, own[0], fields):
            said = next(one for one in parsed if one["name"] == name)
            return failed(expected, own[0][:200], value_hints.lost_at_another(run, consensus, site, said))
    return (_given_up_too_soon(run, consensus, site) or _given_up_too_late(run, consensus, site)) if wanted else None


def _given_up_too_soon(run: RunEvidence, consensus: Consensus, site: str) -> Finding | None:
    seconds = waited(consensus, run.evidence, site)
    if seconds >= _NEARLY * consensus.patience:
        return None
    words = (
        "{site} gave up on a neighbour before its patience was over. "
        "For how many seconds does it wait, and where does that number come from?"
    )
    hint = Hint("lost.too_soon", ideas.LOSS, code.waits(run, site, "execute"), {"site": site}, words=words)
    seen = f"{site} waited for less than {seconds + 0.05:.1f} seconds"
    return failed(f"a neighbour is waited for, for {consensus.patience:g} seconds", seen, hint)


def _given_up_too_late(run: RunEvidence, consensus: Consensus, site: str) -> Finding | None:
    seconds = overdue(consensus, run.evidence, run.scenario.students)
    if seconds <= _TOO_LATE:
        return None
    words = (
        "Every site went on {seconds} seconds after its patience was over, or later, whenever it lost a neighbour. "
        "From when on does your code count, and does it wait for replies on top of that?"
    )
    told: dict[str, Datum] = {"seconds": f"{seconds:.1f}"}
    where = code.waits(run, site, "execute") or code.calls(run, site, "send_aux_request", "wait_for", every=True)
    hint = Hint("lost.too_late", ideas.LOSS, where, told, words=words)
    seen = f"every site waited for {consensus.patience + seconds:.1f} seconds or longer"
    return failed(f"a neighbour is waited for, for {consensus.patience:g} seconds and no longer", seen, hint)


def _no_loss(run: RunEvidence, site: str) -> Hint:
    if not send_diagnostics.anything_sent(run, site):
        return send_diagnostics.nothing(run, site)
    if raised := diagnosis.raised_in(run, site, "execute"):
        return value_hints.raised(raised)
    where = code.calls(run, site, *_LOGS)
    words = "A neighbour delivered nothing for longer than patience, and the log does not say so. What ends the wait?"
    return Hint("lost.unnoticed", ideas.LOSS, where or code.waits(run, site, "execute"), words=words)
