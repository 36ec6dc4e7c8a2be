"""Why a site sent nothing at all."""

import re

from autograder.rubric import code, diagnosis, ideas, not_run, values
from autograder.rubric.hints import Hint, of_exception
from autograder.rubric.ideas import Idea
from autograder.rubric.model import Played

EXECUTE = "execute"
SENDS = ("send_aux_request", "multicast_aux_requests")
_ENDS = ("_exit", "exit", "quit", "abort", "kill")
_TASK_NAME = 1
"""Which argument of ``execute`` the name of the task is; ``self`` is the first one, 0."""
TOO_EARLY = (
    "It sends before it has got the task, when the others may not be there yet. "
    "Which method sends, and what does NVFlare call it for?"
)
_FAILED_TO_SEND = ("Failed to send aux message", "Failed to send multi requests")
_TIMEOUT_IS = re.compile(r"'[<>]=?' not supported between instances of '(?P<kind>\w{1,80})' and '(?:int|float)'")


def nothing(run: Played, site: str) -> Hint:
    """Why a site sent nothing at all, from what the run shows for certain to what the code lets suppose."""
    if absent := diagnosis.why_absent(run, site):
        return Hint(absent, blocks=True)
    if any(message.sender == site and message.early for message in run.evidence.messages):
        return Hint(TOO_EARLY, ideas.TASK, code.calls(run, site, *SENDS))
    if refused := diagnosis.refused_targets(run, site):
        told = f"NVFlare does not know {refused!r}, a name in your targets, and then sends to nobody at all."
        return Hint(told, ideas.KNOWN_NAMES, where_given(run, site, "targets"))
    for failure in _FAILED_TO_SEND:
        if reason := diagnosis.raised_anywhere(run, site, failure):
            return _not_sendable(run, site, reason)
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        if raised.startswith("NotImplementedError"):
            return Hint("execute still raises NotImplementedError: it is waiting for your code.", blocks=True)
        return of_exception(f"execute raised {raised}.")
    if site in run.evidence.quit:
        return ended(run, site)
    if not any(result.site == site for result in run.evidence.results):
        return not_returned(run, site)
    return _in_vain(run, site) or _did_not_send(run, site)


def where_given(run: Played, site: str, name: str) -> str:
    """Where an argument of the sending calls gets its value, in words; where that cannot be said, the calls."""
    return values.argument(run, site, name, *SENDS) or code.calls(run, site, *SENDS)


def ended(run: Played, site: str) -> Hint:
    """Of a site whose process ended in the middle of the run."""
    told = f"The process of {site} ended by itself. Does execute end the program?"
    return Hint(told, ideas.ENDING, code.calls(run, site, *_ENDS, every=True), blocks=True)


def not_returned(run: Played, site: str) -> Hint:
    """Of a site of whose ``execute`` there is no result."""
    if short := diagnosis.short_of_memory(run):
        return Hint(short, blocks=True)
    told = "execute did not return in time. Does it wait for something, or loop?"
    return Hint(told, ideas.WAITING, code.waits(run, site, EXECUTE), blocks=True)


def never_awaited(run: Played, site: str) -> Hint | None:
    """Of an ``execute`` that is an ``async def``, so that nothing of it ran; None of any other."""
    if not not_run.is_async(run, site, EXECUTE):
        return None
    told = "execute is an async def. NVFlare calls it and awaits nothing, so no line of it was run."
    return Hint(told, ideas.AWAITED, code.definition(run, site, EXECUTE), blocks=True)


def _in_vain(run: Played, site: str) -> Hint | None:
    """Of a call that is there and sends nothing, because it is not run, or because nobody hears how it failed."""
    if hint := never_awaited(run, site):
        return hint
    where = not_run.unawaited(run, site, *SENDS)
    if name := diagnosis.coroutine_in_vain(run, site):
        told = f"Python says that the coroutine of {name} was never awaited, so no line of it was run."
        return Hint(told, ideas.AWAITED, where or code.definition(run, site, name))
    if where:
        return Hint("Here begins an async def that sends. Is it awaited by anybody?", ideas.AWAITED, where)
    if where := not_run.kept_quiet(run, site, *SENDS, *not_run.mistyped(run, site, *SENDS)):
        told = (
            "Nothing was sent, and if the call fails, this line keeps it quiet. What does it catch? Let it be logged."
        )
        return Hint(told, ideas.SWALLOWED, where)
    if where := not_run.handed_over(run, site, *SENDS):
        told = "The sending is handed over here, to be done by something else. When does that run, if it does?"
        return Hint(told, ideas.LATER, where)
    return None


def _did_not_send(run: Played, site: str) -> Hint:
    if mistyped := not_run.mistyped(run, site, *SENDS) if not code.calls(run, site, *SENDS) else []:
        told = f"Nowhere does your code call send_aux_request, only {mistyped[0]}. Which of them does the engine have?"
        return Hint(told, ideas.ENGINE, code.calls(run, site, *mistyped))
    if not any(values.mentions(run, site, name) for name in SENDS):
        told = "execute ran and sent nothing: nowhere does your code call the engine's send_aux_request."
        return Hint(told, ideas.SENDING, code.calls(run, site, "print", "log_info", method=EXECUTE))
    tasks, calls = diagnosis.tasks_of(run, site), code.calls(run, site, *SENDS)
    told = f"execute sent nothing when it got the task {' or '.join(map(repr, tasks))}."
    # A comparison with the name of a task that came is no mistake, or not to be told from one.
    if where := values.comparisons(run, site, EXECUTE, _TASK_NAME, but=tasks):
        return Hint(f"{told} For which task name is send_aux_request called?", ideas.TASK, where)
    if not calls:
        return Hint(f"{told} Which of its lines leads to a call of send_aux_request?", ideas.SENDING)
    return Hint(f"{told} Is this line reached then, and with whom in its targets?", ideas.TASK, calls)


def _not_sendable(run: Played, site: str, reason: str) -> Hint:
    told, name, idea = _cause(reason)
    return Hint(told, idea, where_given(run, site, name) if name else code.calls(run, site, *SENDS))


def _cause(reason: str) -> tuple[str, str, Idea | None]:
    """What NVFlare could not send, in a sentence; the argument that it is about, if any; and the idea behind it."""
    if "'DXO' object" in reason:
        told = "Your request is a DXO, and what NVFlare can send is a Shareable. What makes the one out of the other?"
        return told, "", ideas.CONTENT
    if match := _TIMEOUT_IS.search(reason):
        kind = "None" if match["kind"] == "NoneType" else f"of type {match['kind']}"
        return (
            f"The timeout is {kind}, and NVFlare could not send. It takes a number of seconds.",
            "timeout",
            ideas.TIMEOUT,
        )
    if "get_all_public_props" in reason:
        return f"What is given as fl_ctx is none: {reason}.", "fl_ctx", None
    of_request = "has no attribute 'set_header'" in reason or "should be Shareable" in reason
    told = f"NVFlare could not send your request: {reason}."
    return (f"{told} It takes a Shareable.", "", ideas.CONTENT) if of_request else (told, "", None)
