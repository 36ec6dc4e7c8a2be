"""Explains why a message was not handled as it should be: the hints of the checks in `receiving`."""

import re
from collections.abc import Callable, Sequence
from itertools import islice

from autograder.evidence.collect import NO_SHAREABLE, UNREADABLE
from autograder.rubric import code, concepts, diagnosis, given_tasks, log_lines, not_run, values
from autograder.rubric.code import Places
from autograder.rubric.diagnosis import EventError
from autograder.rubric.hints import Raised, of_exception, told_of
from autograder.rubric.model import Hint, RunEvidence
from autograder.rubric.receipts import Receipt, component_lines
from autograder.simulator.nvflare_private.log_texts import HANDLER_RAISED, REGISTERED, REGISTERED_TWICE
from autograder.simulator.nvflare_private.topics import HANDLED_TOPICS, SERVER_IDENTITY
from autograder.simulator.scenario import SERVER, Expected

_REGISTERS = "register_aux_message_handler"
_SENDS = ("send_aux_request", "multicast_aux_requests")
_LOGS = ("log_info", "info", "log_warning", "warning")
_LOGS_TOO_LOW = ("log_debug", "debug")
_STUB = "NotImplementedError"
_FINALIZES = "stop_controller"
_BEGINNING = 4
"""Letters by which a text that was changed is known."""
_MOST_OTHERS = 100
"""Other messages that a hint looks at."""

_UNSET = re.compile(r"AttributeError: '(?P<owner>\w{1,100})' object has no attribute '(?P<name>\w{1,100})'")


def nothing_came(played: Sequence[RunEvidence], receivers: Callable[[str], bool]) -> Hint:
    """Return why no message came to any party that is judged."""
    for run in played:
        if SERVER in run.scenario.students and receivers(SERVER) and (error := diagnosis.workflow_error(run)):
            return _workflow_failed(run, error)
        for party in sorted(run.scenario.students):
            if receivers(party) and (absent := diagnosis.why_absent(run, party)):
                return absent
    served = next((run for run in played if SERVER in run.scenario.students), None)
    if served is None:
        return Hint("messages.others" if any(run.evidence.distinct for run in played) else "messages.none")
    if astray := given_tasks.astray(served):
        return astray
    told, where = given_tasks.in_place_of_base(served)
    return Hint("controller.no_tasks", concepts.WORKFLOW, where, told, blocks=True)


def lost(run: RunEvidence, wanted: Expected) -> Hint:
    """Return why a message did not come that the course sends from the process of a student's class."""
    for party in (wanted.sender, wanted.receiver):
        if party in run.scenario.students and (absent := diagnosis.why_absent(run, party)):
            return absent
        if party in run.evidence.quit:
            return Hint("messages.lost_with_party", concepts.ENDING, (), {"party": party}, blocks=True)
    if astray := given_tasks.astray(run, wanted.sender):
        return astray
    return Hint("messages.lost", concepts.WAITING, (), {"sender": wanted.sender})


def _workflow_failed(run: RunEvidence, error: str) -> Hint:
    """Explain a controller that let an exception out of its workflow."""
    told, where = given_tasks.in_place_of_base(run)
    unset = _UNSET.fullmatch(error)
    if unset and unset["owner"] == run.scenario.controller.class_name and where:
        return Hint("controller.unset", concepts.WORKFLOW, where, {"name": unset["name"], **told}, blocks=True)
    raised = diagnosis.raised_in(run, SERVER, "control_flow") or Raised(error)
    places = (*raised.places, *where)
    told = {**told_of(raised), **told}
    return Hint("controller.raised", concepts.WORKFLOW if where else None, places, told, blocks=True)


def controller_raised(run: RunEvidence) -> tuple[str, Hint] | None:
    """Return the exception that the student's controller let out, and its hint; None when it let out none."""
    if error := diagnosis.workflow_error(run):
        return error, _workflow_failed(run, error)
    if error := diagnosis.finalizing_error(run):
        raised = diagnosis.raised_in(run, SERVER, _FINALIZES) or Raised(error)
        return error, Hint("controller.end_raised", None, raised.places, told_of(raised))
    return None


def sent_beyond(run: RunEvidence, party: str) -> Hint:
    """Explain a party that sent messages which nobody asked for."""
    method = code.handler(run, party)
    where = code.calls(run, party, *_SENDS, method=method) if method else ()
    # A client's class has an execute that sends, which is not asked for anything where only its handler is judged.
    if party == SERVER and not where and (elsewhere := code.calls(run, party, *_SENDS)):
        return Hint("messages.besides", concepts.REPLY, elsewhere)
    return Hint("handler.sends", concepts.REPLY, where)


def unregistered(receipt: Receipt) -> Hint:
    """Return why the receiver had no handler for a message."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return absent
    topics, where = _registered_topics(receipt), code.calls(run, party, _REGISTERS)
    later = not_run.handed_over(run, party, _REGISTERS)
    if receipt.message.topic in topics:
        event = "" if later else _other_event(run, party)
        return _at_other_event(event, where) if event else Hint("handler.too_late", concepts.HANDLER, later or where)
    if errors := diagnosis.event_errors(run, party):
        return _raised_before_registering(run, party, errors[0])
    if not_run.is_async(run, party, "handle_event"):
        return Hint("handle_event.async", concepts.AWAITED, code.definition(run, party, "handle_event"), blocks=True)
    if topics:
        told = {"registered": topics[0], "topic": receipt.message.topic}
        return Hint("handler.other_topic", concepts.TOPIC, where, told)
    if later:
        return Hint("handler.later", concepts.LATER, later)
    if quiet := not_run.kept_quiet(run, party, _REGISTERS):
        return Hint("handler.kept_quiet", concepts.SWALLOWED, quiet)
    if where:
        return _never_reached(run, party, where)
    if party == SERVER:
        return _server_registers_nothing(run)
    return Hint("handler.not_registered", concepts.HANDLER, code.definition(run, party, "handle_event"))


def lost_handler(receipt: Receipt) -> Hint:
    """Return why a client's class that builds on one with a handler has lost it."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return absent
    if code.in_place_of(run, party, "handle_event"):
        return Hint("handler.not_inherited", concepts.HANDLER, code.definition(run, party, "handle_event"))
    return unregistered(receipt)


def _never_reached(run: RunEvidence, party: str, where: Places) -> Hint:
    """Explain a class that registers a handler in a line that was not run, or was run too late."""
    event = _other_event(run, party)
    return _at_other_event(event, where) if event else Hint("handler.not_reached", concepts.HANDLER, where)


def _other_event(run: RunEvidence, party: str) -> str:
    """Return the one event at which a class does something, if that is another one than ``START_RUN``."""
    events = code.events(run, party)
    return events[0] if len(events) == 1 and events[0] != "START_RUN" else ""


def _at_other_event(event: str, where: Places) -> Hint:
    return Hint("handler.at_other_event", concepts.HANDLER, where, {"event": event})


def _server_registers_nothing(run: RunEvidence) -> Hint:
    if sends := code.calls(run, SERVER, *_SENDS):
        return Hint("controller.sends", concepts.HANDLER, sends)
    where = code.definition(run, SERVER, "handle_event", "start_controller")
    return Hint("controller.no_handler", concepts.HANDLER, where)


def _raised_before_registering(run: RunEvidence, party: str, error: EventError) -> Hint:
    """Explain a ``handle_event`` that raised before the handler was registered."""
    raised = error.raised
    if raised.exception == _STUB:
        return Hint("handle_event.stub", None, code.definition(run, party, "handle_event"), blocks=True)
    where = code.calls(run, party, _REGISTERS, method="handle_event")
    handler = code.handler_called(run, party)
    if handler and raised.exception == "TypeError" and f"{handler}()" in raised.text:
        return Hint("handler.called", concepts.CALLED, where, {"handler": handler}, blocks=True)
    where = raised.places or where
    return of_exception("handle_event.raised_before", raised, concepts.EVENTS, where, event=error.event)


def event_raised(run: RunEvidence, party: str, error: EventError) -> Hint:
    """Explain a ``handle_event`` that raised, although there was a handler."""
    raised = error.raised
    if REGISTERED_TWICE in raised.text:
        calls = code.calls(run, party, _REGISTERS)
        return of_exception("handler.registered_twice", raised, concepts.EVENTS, calls, event=error.event)
    if raised.exception == _STUB:
        return of_exception("handle_event.stub_left", raised, concepts.EVENTS, event=error.event)
    own = error.event == "START_RUN"
    name = "handle_event.raised" if own else "handle_event.raised_at_other"
    return of_exception(name, raised, concepts.EVENTS, event=error.event)


def _registered_topics(receipt: Receipt) -> list[str]:
    """Return the topics, without NVFlare's own, for which the receiver has a handler at some time."""
    lines = [line for line in receipt.run.evidence.lines_of(receipt.party) if line.origin.startswith("nvflare.")]
    texts = [line.text for line in lines if line.text.startswith(REGISTERED)]
    topics = [text.removeprefix(REGISTERED) for text in texts]
    return [topic for topic in topics if topic not in HANDLED_TOPICS]


def unanswered(receipt: Receipt) -> Hint:
    """Return why the sender of a message got no answer, although there is a handler."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return absent
    handler = code.handler(run, party)
    if party in run.evidence.quit:
        where = code.definition(run, party, handler) if handler else ()
        return Hint("handler.ended", concepts.SHORT_HANDLER, where, {"party": party}, blocks=True)
    if short := diagnosis.short_of_memory(run):
        return short
    return Hint("handler.no_end", concepts.SHORT_HANDLER, code.waits(run, party, handler), blocks=True)


def instead_of_line(receipt: Receipt) -> tuple[str, Hint]:
    """Return what was seen in place of the line that should be logged, and a hint.

    What became of this very message comes first. A line of another message says nothing about this one.
    """
    run, party, message = receipt.run, receipt.party, receipt.message
    if receipt.unhandled:
        return "no handler was called", unregistered(receipt)
    if receipt.logged_before:
        return "the line is older than the message", Hint("log.made_up", concepts.CALLED, where_logged(receipt))
    others = _others(receipt)
    of_others = {receipt.line, *(other.line for other in others)}
    none = "no such line before it was said again" if receipt.lines else "no such line"
    lines = [line.text for line in component_lines(run, party) if line.text not in of_others]
    if about := [text for text in lines if receipt.text and receipt.text in text]:
        return f"the log says: {about[0][:200]}", _line_hint(about[0], receipt)
    if receipt.text and receipt.text in run.evidence.printed.get(party, ""):
        return "it was printed, not logged", Hint("log.printed", concepts.LOGGING, code.calls(run, party, "print"))
    if raised := handler_raised(receipt):
        return "the handler raised an exception", raised
    if receipt.unanswered:
        return "the handler did not come to its end", unanswered(receipt)
    if message.waits and message.reply != "OK":
        return f"{none}, and {message.sender} got {message.reply}", not_ok(receipt)
    if without := [text for text in lines if _may_be_about(text, receipt, others)]:
        return f"the log says: {without[0][:200]}", _without_message(without[0], receipt)
    if any(other.logged for other in others):
        return none, Hint("log.only_another", concepts.CALLED, where_logged(receipt))
    return none, _not_logged(receipt)


def _others(receipt: Receipt) -> list[Receipt]:
    """Return what else came the same way and has another line; only the first of very many."""
    matching = receipt.run.matching
    pairs = ((message, matching.pair_of(message)) for message in receipt.run.evidence.distinct)
    came = (Receipt(receipt.run, message, pair.expected if pair else None) for message, pair in pairs)
    return list(islice((o for o in came if o.party == receipt.party and o.line != receipt.line), _MOST_OTHERS))


def _without_message(line: str, receipt: Receipt) -> Hint:
    """Explain a line that does not hold the message: none of it, not all, or another text that was made of it."""
    fields = log_lines.parsed(receipt.template, line) if receipt.template else None
    if fields is not None and not receipt.text:
        return Hint("log.other_values", None, where_logged(receipt))
    if fields and any(_is_stripped(field, receipt.text) for field in fields.values()):
        return Hint("log.stripped", concepts.CONTENT, where_logged(receipt))
    if fields and any(_begins_alike(field, receipt.text) for field in fields.values()):
        return Hint("log.altered", concepts.CONTENT, where_logged(receipt))
    begins = receipt.text[: max(3, len(receipt.text) // 2)]
    if begins and begins in line:
        return Hint("log.other_line", None, where_logged(receipt))
    return Hint("log.without_message", concepts.CONTENT, where_logged(receipt))


def _is_stripped(text: str, other: str) -> bool:
    return text != other and text in (other.strip(), other.lstrip(), other.rstrip())


def _begins_alike(text: str, other: str) -> bool:
    """Return whether two texts have the same first letters, whatever their case and what stands between."""
    ours, others = ("".join(filter(str.isalnum, one)).casefold()[:_BEGINNING] for one in (text, other))
    return bool(ours) and ours == others


def _may_be_about(text: str, receipt: Receipt, others: Sequence[Receipt]) -> bool:
    """Return whether a line with the expected beginning can be about this message and no other one."""
    alike = bool(receipt.line) and receipt.line.split()[0].lower() in text.lower()
    of_another = any(other.text and other.text in text for other in others)
    senders = {other.message.sender for other in others} - {receipt.message.sender}
    names_another = receipt.message.sender not in text and any(sender in text for sender in senders)
    return alike and not of_another and not names_another


def _not_logged(receipt: Receipt) -> Hint:
    """Explain a handler that took the message but logged nothing of it."""
    run, party, handler = receipt.run, receipt.party, code.handler(receipt.run, receipt.party)
    if quiet := not_run.kept_quiet(run, party, *_LOGS):
        return Hint("log.kept_quiet", concepts.SWALLOWED, quiet)
    if where := where_logged(receipt):
        return Hint("log.not_reached", None, where)
    if where := code.calls(run, party, *_LOGS_TOO_LOW, method=handler):
        return Hint("log.level", concepts.LOG_LEVEL, where)
    return Hint("log.nothing", concepts.LOGGING, code.definition(run, party, handler) if handler else ())


def _line_hint(line: str, receipt: Receipt) -> Hint:
    """Explain a line about the message that is not the one that is asked for."""
    where, data = where_logged(receipt), receipt.message.content.data
    besides = line.replace(receipt.text, "")
    if receipt.message.sender not in besides:
        if receipt.party == SERVER and _names(besides, SERVER_IDENTITY):
            return Hint("log.names_receiver", concepts.SENDER, where, {"identity": SERVER_IDENTITY})
        if _names(besides, receipt.party):
            return Hint("log.names_receiver", concepts.SENDER, where, {"name": receipt.party})
        return Hint("log.without_sender", concepts.SENDER, where)
    if isinstance(data, dict) and any(f"{key!r}:" in line for key in data):
        return Hint("log.whole_data", concepts.CONTENT, where)
    return Hint("log.other_line", None, where)


def _names(text: str, party: str) -> bool:
    """Return whether a text has a party's name, and not only as a part of another one's."""
    return re.search(rf"(?<![\w-]){re.escape(party)}(?![\w-])", text) is not None


def where_logged(receipt: Receipt, *, every: bool = False) -> Places:
    """Return where the handler writes to the log of a run: the likeliest way, or with ``every`` any way."""
    method = code.handler(receipt.run, receipt.party)
    return code.calls(receipt.run, receipt.party, *_LOGS, method=method, every=every)


def not_ok(receipt: Receipt) -> Hint:
    """Return why the reply to a message does not have the return code ``OK``."""
    run, party, reply = receipt.run, receipt.party, receipt.message.reply
    if reply == "TOPIC_UNKNOWN":
        return unregistered(receipt)
    if reply == "HANDLER_EXCEPTION":
        return handler_raised(receipt) or Hint("handler.raised_untold", concepts.REPLY, blocks=True)
    if reply is None:
        return unanswered(receipt)
    method = code.handler(run, party)
    if reply == NO_SHAREABLE:
        return _no_shareable(run, party, method)
    if reply == UNREADABLE:
        return Hint("reply.unreadable", concepts.REPLY, code.definition(run, party, method) if method else ())
    where = values.returns_after(run, party, method, (), str(reply)) if method else ()
    if receipt.repeats:
        return Hint("reply.again_not_ok", concepts.REPLY, where, {"reply": reply})
    if any(other.message.reply == "OK" for other in _others(receipt)):
        return Hint("reply.this_not_ok", concepts.REPLY, where, {"reply": reply})
    return Hint("reply.not_ok", concepts.REPLY, where)


def _no_shareable(run: RunEvidence, party: str, handler: str) -> Hint:
    """Explain a handler that returned something that NVFlare could not send."""
    where = code.definition(run, party, handler) if handler else ()
    if handler and (not_run.is_async(run, party, handler) or diagnosis.coroutine_in_vain(run, party) == handler):
        return Hint("handler.async", concepts.AWAITED, where)
    if handler:
        where = values.ends_open(run, party, handler, ()) or code.returns(run, party, handler)
    return Hint("reply.no_shareable", concepts.REPLY, where)


def handler_raised(receipt: Receipt) -> Hint | None:
    """Explain an exception that the handler let out at this message; None when it let out none."""
    run, party, message = receipt.run, receipt.party, receipt.message
    raised = diagnosis.raised_anywhere(run, party, HANDLER_RAISED, peer=message.sender)
    if not raised or (message.waits and message.reply not in (None, "HANDLER_EXCEPTION")):
        return None
    handler = code.handler(run, party)
    told = raised.text
    if raised.exception == "TypeError" and "argument" in told and (not handler or f"{handler}()" in told):
        where = (*raised.places, *(code.definition(run, party, handler) if handler else ()))
        return of_exception("handler.arguments", raised, concepts.CALLED, where)
    if raised.exception == _STUB:
        return of_exception("handler.stub_left", raised)
    of_content = told.startswith("KeyError: '") or "'DXO' object" in told or "'Shareable' object" in told
    return of_exception("handler.raised", raised, concepts.CONTENT if of_content else None)
