"""Explains why a site sent nothing at all."""

import re

from autograder.rubric import code, concepts, diagnosis, not_run, values
from autograder.rubric.code import Places
from autograder.rubric.hints import Raised, of_exception, told_of
from autograder.rubric.model import Hint, RunEvidence
from autograder.simulator.nvflare_private.log_texts import FAILED_TO_MULTICAST, FAILED_TO_SEND

EXECUTE = "execute"
SENDS = ("send_aux_request", "multicast_aux_requests")
_ENDS = ("_exit", "exit", "quit", "abort", "kill")
_TASK_NAME = 1
"""The number of the argument of ``execute`` that is the task's name; ``self`` is the first one, 0."""
_TIMEOUT_IS = re.compile(r"'[<>]=?' not supported between instances of '(?P<kind>\w{1,80})' and '(?:int|float)'")


def nothing(run: RunEvidence, site: str) -> Hint:
    """Return why a site sent nothing at all, from what the run proves to what the code suggests."""
    if absent := diagnosis.why_absent(run, site):
        return absent
    if any(message.sender == site and message.early for message in run.evidence.messages):
        return Hint("sending.too_early", concepts.TASK, code.calls(run, site, *SENDS))
    if refused := diagnosis.refused_targets(run, site):
        return Hint("targets.unknown", concepts.KNOWN_NAMES, where_given(run, site, "targets"), {"name": refused})
    for failure in (FAILED_TO_SEND, FAILED_TO_MULTICAST):
        if raised := diagnosis.raised_anywhere(run, site, failure):
            return _not_sendable(run, site, raised)
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        if raised.exception == "NotImplementedError":
            return Hint("execute.stub", blocks=True)
        return of_exception("execute.raised", raised)
    if site in run.evidence.quit:
        return ended(run, site)
    if not any(result.site == site for result in run.evidence.results):
        return not_returned(run, site)
    if hint := _in_vain(run, site):
        return hint
    if logged := diagnosis.logged_error(run, site):
        return Hint("sending.logged_error", None, logged.places, told_of(logged))
    return _did_not_send(run, site)


def where_given(run: RunEvidence, site: str, name: str) -> Places:
    """Return where an argument of the sending calls gets its value; if that is unknown, the calls."""
    return values.argument(run, site, name, *SENDS) or code.calls(run, site, *SENDS)


def ended(run: RunEvidence, site: str) -> Hint:
    """Explain a site whose process ended in the middle of the run."""
    where = code.calls(run, site, *_ENDS, every=True)
    return Hint("execute.ended", concepts.ENDING, where, {"party": site}, blocks=True)


def not_returned(run: RunEvidence, site: str) -> Hint:
    """Explain a site whose ``execute`` has no result."""
    if short := diagnosis.short_of_memory(run):
        return short
    return Hint("execute.no_end", concepts.WAITING, code.waits(run, site, EXECUTE), blocks=True)


def never_awaited(run: RunEvidence, site: str) -> Hint | None:
    """Explain an ``execute`` that is an ``async def``, so that none of it ran; None for any other."""
    if not not_run.is_async(run, site, EXECUTE):
        return None
    return Hint("execute.async", concepts.AWAITED, code.definition(run, site, EXECUTE), blocks=True)


def _in_vain(run: RunEvidence, site: str) -> Hint | None:
    """Explain a call that sends nothing, because it is not run, or because its failure goes unnoticed."""
    if hint := never_awaited(run, site):
        return hint
    where = not_run.unawaited(run, site, *SENDS)
    if name := diagnosis.coroutine_in_vain(run, site):
        where = where or code.definition(run, site, name)
        return Hint("sending.never_awaited", concepts.AWAITED, where, {"function": name})
    if where:
        return Hint("sending.async", concepts.AWAITED, where)
    if where := not_run.kept_quiet(run, site, *SENDS, *not_run.mistyped(run, site, *SENDS)):
        return Hint("sending.kept_quiet", concepts.SWALLOWED, where)
    if where := not_run.handed_over(run, site, *SENDS):
        return Hint("sending.later", concepts.LATER, where)
    return None


def _did_not_send(run: RunEvidence, site: str) -> Hint:
    if mistyped := not_run.mistyped(run, site, *SENDS) if not code.calls(run, site, *SENDS) else []:
        where = code.calls(run, site, *mistyped)
        return Hint("sending.mistyped", concepts.ENGINE, where, {"called": mistyped[0]})
    if not any(values.mentions(run, site, name) for name in SENDS):
        said = code.calls(run, site, "print", "log_info", method=EXECUTE)
        return Hint("sending.nowhere", concepts.SENDING, said)
    tasks, calls = diagnosis.tasks_of(run, site), code.calls(run, site, *SENDS)
    told = {"tasks": " or ".join(map(repr, tasks))}
    # A comparison with the name of a task that came is no mistake, or not to be told from one.
    if where := values.comparisons(run, site, EXECUTE, _TASK_NAME, but=tasks):
        return Hint("sending.other_task", concepts.TASK, where, told)
    if not calls:
        return Hint("sending.not_called", concepts.SENDING, (), told)
    return Hint("sending.not_reached", concepts.TASK, calls, told)


def _not_sendable(run: RunEvidence, site: str, raised: Raised) -> Hint:
    """Explain what NVFlare could not send: the request, or another argument of a wrong type."""
    error, calls = raised.text, code.calls(run, site, *SENDS)
    told, where = told_of(raised), (*raised.places, *calls)
    if "'DXO' object" in error:
        return Hint("request.dxo", concepts.CONTENT, calls)
    if match := _TIMEOUT_IS.search(error):
        kind = "" if match["kind"] == "NoneType" else match["kind"]
        return Hint("timeout.no_number", concepts.TIMEOUT, where_given(run, site, "timeout"), {"kind": kind})
    if "get_all_public_props" in error:
        return Hint("fl_ctx.none", None, (*raised.places, *where_given(run, site, "fl_ctx")), told)
    if "has no attribute 'set_header'" in error or "should be Shareable" in error:
        return Hint("request.no_shareable", concepts.CONTENT, where, told)
    return Hint("request.not_sent", None, where, told)
