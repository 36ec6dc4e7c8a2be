"""Why a message was not handled as it should be: the hints of the checks in `receiving`."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from autograder.evidence.collect import NO_SHAREABLE
from autograder.rubric import code, diagnosis, ideas, nearest, not_run, values
from autograder.rubric.hints import Hint, of_exception
from autograder.rubric.model import Played
from autograder.rubric.receipts import Receipt, component_lines
from autograder.simulator.scenario import SERVER, Expected
from autograder.simulator.topics import HANDLED_TOPICS, SERVER_IDENTITY

_REGISTERED = "registered aux handler for topic "
_REGISTERS = "register_aux_message_handler"
_SENDS = ("send_aux_request", "multicast_aux_requests")
_LOGS = ("log_info", "info", "log_warning", "warning")
_LOGS_TOO_LOW = ("log_debug", "debug")
_HANDLER_RAISED = "processing error in message handling"
_NOT_WRITTEN_YET = "NotImplementedError"
_WORKFLOW = ("start_controller", "control_flow")
_MOST_OTHERS = 100
"""Other messages that a hint looks at."""

_UNSET = re.compile(r"AttributeError: '(?P<owner>\w{1,100})' object has no attribute '(?P<name>\w{1,100})'")


def nothing_came(played: Sequence[Played], receivers: Callable[[str], bool]) -> Hint:
    """Why no message came to any party that is judged."""
    for run in played:
        if SERVER in run.scenario.students and receivers(SERVER) and (error := diagnosis.workflow_error(run)):
            return _workflow_failed(run, error)
        for party in sorted(run.scenario.students):
            if receivers(party) and (absent := diagnosis.why_absent(run, party)):
                return Hint(absent, blocks=True)
    served = next((run for run in played if SERVER in run.scenario.students), None)
    if served is None:
        told = "Nobody has sent anything yet, so there is nothing to receive: finish the exercise on sending first."
        return Hint(told)
    told, where = _in_place_of_base(served)
    return Hint(f"The clients were never asked to talk. {told}", ideas.WORKFLOW, where, blocks=True)


def lost(run: Played, wanted: Expected) -> Hint:
    """Why a message of the course's did not come that is sent from the process in which a student's class runs."""
    for party in (wanted.sender, wanted.receiver):
        if party in run.scenario.students and (absent := diagnosis.why_absent(run, party)):
            return Hint(absent, blocks=True)
        if party in run.evidence.quit:
            told = f"The process of {party} ended by itself. Does your code end the program?"
            return Hint(told, ideas.ENDING, blocks=True)
    told = (
        f"It is sent by the engine of {wanted.sender}. Does your code wait somewhere, or change how the engine sends?"
    )
    return Hint(told, ideas.WAITING)


def _workflow_failed(run: Played, error: str) -> Hint:
    """Of a controller that let an exception out of its workflow."""
    told, where = _in_place_of_base(run)
    unset = _UNSET.fullmatch(error)
    if unset and unset["owner"] == run.scenario.controller.class_name and where:
        missing = f"Your controller failed: it uses self.{unset['name']}, and nothing has set that."
        return Hint(f"{missing} {told}", ideas.WORKFLOW, where, blocks=True)
    place = diagnosis.raised_in(run, SERVER, "control_flow") or error
    text = " ".join(filter(None, [f"Your controller failed: {place}.", nearest.meant(place), told]))
    return Hint(text, ideas.WORKFLOW if where else None, where, blocks=True)


def _in_place_of_base(run: Played) -> tuple[str, str]:
    """A question about what the student's controller overrides, and where it does; nowhere when it does not."""
    if methods := code.in_place_of(run, SERVER, *_WORKFLOW):
        told = f"Your {methods[0]} takes the place of SimpleController's: does it still do what that one does?"
        return told, code.definition(run, SERVER, methods[0])
    told = "If you override a method of SimpleController, does it still do what that one does?"
    return told, ""


def unregistered(receipt: Receipt) -> Hint:
    """Why the receiver had no handler for a message."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return Hint(absent, blocks=True)
    if errors := diagnosis.event_errors(run, party):
        return _raised_before_registering(run, party, errors[0])
    if not_run.is_async(run, party, "handle_event"):
        told = "handle_event is an async def. NVFlare calls it and awaits nothing, so no line of it was run."
        return Hint(told, ideas.AWAITED, code.definition(run, party, "handle_event"), blocks=True)
    topics, where = _registered_topics(receipt), code.calls(run, party, _REGISTERS)
    later = not_run.handed_over(run, party, _REGISTERS)
    if receipt.message.topic in topics:
        told = "Your handler was registered when the messages had already come. Which event comes before any task?"
        return Hint(told, ideas.HANDLER, later or where)
    if topics:
        told = f"A handler is registered for {topics[0]!r}. The messages have the topic {receipt.message.topic!r}."
        return Hint(told, ideas.TOPIC, where)
    if later:
        told = "No handler was registered before the messages came. Here that is handed over, to be done later."
        return Hint(told, ideas.LATER, later)
    if quiet := not_run.kept_quiet(run, party, _REGISTERS):
        told = "No handler was registered, and if the call fails, this line keeps it quiet. What does it catch?"
        return Hint(f"{told} Let it be logged.", ideas.SWALLOWED, quiet)
    if where:
        return _never_reached(run, party, where)
    if party == SERVER:
        return _server_registers_nothing(run)
    told = f"No handler was registered. Where does your class call the engine's {_REGISTERS}?"
    return Hint(told, ideas.HANDLER, code.definition(run, party, "handle_event"))


def lost_handler(receipt: Receipt) -> Hint:
    """Why a client that builds on one with a handler has none any more."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return Hint(absent, blocks=True)
    if code.in_place_of(run, party, "handle_event"):
        told = (
            "Your class defines handle_event anew, so the one that it inherits is not run. Who registers the handler?"
        )
        return Hint(told, ideas.HANDLER, code.definition(run, party, "handle_event"))
    return unregistered(receipt)


def _never_reached(run: Played, party: str, where: str) -> Hint:
    """Of a class that registers a handler in a line that did not come to be run, or too late."""
    events = code.events(run, party)
    if len(events) == 1 and events[0] != "START_RUN":
        told = f"Your handler is to be registered at {events[0]}, which had not come yet when the messages came."
        return Hint(f"{told} Which event comes once, before any task?", ideas.HANDLER, where)
    told = "No handler was registered before the messages came. Is this line reached, once and before any task?"
    return Hint(told, ideas.HANDLER, where)


def _server_registers_nothing(run: Played) -> Hint:
    if sends := code.calls(run, SERVER, *_SENDS):
        told = "Your controller sends messages. It is asked to take those of the clients, and has no handler for them."
        return Hint(told, ideas.HANDLER, sends)
    told = "Nothing on the server registers a handler for this topic. The server has an engine too."
    return Hint(told, ideas.HANDLER, code.definition(run, SERVER, "handle_event", "start_controller"))


def _raised_before_registering(run: Played, party: str, raised: diagnosis.EventError) -> Hint:
    """Of a ``handle_event`` that raised before the handler was registered."""
    if raised.error.startswith(_NOT_WRITTEN_YET):
        told = "handle_event still raises NotImplementedError: it is waiting for your code."
        return Hint(told, where=code.definition(run, party, "handle_event"), blocks=True)
    where = code.calls(run, party, _REGISTERS, method="handle_event")
    handler = code.handler_called(run, party)
    if handler and raised.error.startswith("TypeError") and f"{handler}()" in raised.error:
        told = f"handle_event calls {handler} in the line that should only hand it over, so its arguments are missing."
        return Hint(f"{told} Who is to call it, and when?", ideas.CALLED, where, blocks=True)
    told = (
        f"handle_event raised {raised.error}{raised.place} at the event {raised.event}, so no handler was registered."
    )
    hint = of_exception(told, ideas.EVENTS)
    return hint if raised.place else replace(hint, where=where)


def event_raised(run: Played, party: str, raised: diagnosis.EventError) -> Hint:
    """Of a ``handle_event`` that raised, although there was a handler."""
    told = f"handle_event raised {raised.error}"
    if "already registered" in raised.error:
        told = f"{told} at the event {raised.event}. Is it registered in two places, or at more than one event?"
        return replace(of_exception(told, ideas.EVENTS), where=code.calls(run, party, _REGISTERS))
    told = f"{told}{raised.place} at the event {raised.event}."
    if raised.error.startswith(_NOT_WRITTEN_YET):
        return of_exception(f"{told} {_CAME_WITH_THE_CELL}", ideas.EVENTS)
    others = "" if raised.event == "START_RUN" else " It gets every event, and is to act on its own only."
    return of_exception(told + others, ideas.EVENTS)


_CAME_WITH_THE_CELL = "That line came with the cell, and your code is to take its place."


def _registered_topics(receipt: Receipt) -> list[str]:
    """The topics, NVFlare's own left out, for which the receiver has a handler at some time of the run."""
    lines = [line for line in receipt.run.evidence.lines_of(receipt.party) if line.origin.startswith("nvflare.")]
    texts = [line.text for line in lines if line.text.startswith(_REGISTERED)]
    topics = [text.removeprefix(_REGISTERED) for text in texts]
    return [topic for topic in topics if topic not in HANDLED_TOPICS]


def unanswered(receipt: Receipt) -> Hint:
    """Why the sender of a message got no answer, although there is a handler."""
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return Hint(absent, blocks=True)
    handler = code.handler(run, party)
    if party in run.evidence.quit:
        told = f"The process of {party} ended by itself. Does the handler end the program?"
        return Hint(told, ideas.SHORT_HANDLER, code.definition(run, party, handler) if handler else "", blocks=True)
    if short := diagnosis.short_of_memory(run):
        return Hint(short, blocks=True)
    told = "The handler did not return in time. Does it wait for something, or loop?"
    return Hint(told, ideas.SHORT_HANDLER, code.waits(run, party, handler), blocks=True)


def instead_of_line(receipt: Receipt) -> tuple[str, Hint]:
    """What was seen in place of the line that was to be logged, and a hint.

    What became of this very message comes first. A line of another message says nothing about this one.
    """
    run, party, message = receipt.run, receipt.party, receipt.message
    if receipt.unhandled:
        return "no handler was called", unregistered(receipt)
    others = _others(receipt)
    of_others = {other.line for other in others}
    lines = [line.text for line in component_lines(run, party) if line.text not in of_others]
    if about := [text for text in lines if receipt.text and receipt.text in text]:
        return f"the log says: {about[0][:200]}", _line_hint(about[0], receipt)
    if receipt.text and receipt.text in run.evidence.printed.get(party, ""):
        told = "print goes to the console only. A component has methods that write to the log."
        return "it was printed, not logged", Hint(told, ideas.LOGGING, code.calls(run, party, "print"))
    if raised := handler_raised(receipt):
        return "the handler raised an exception", raised
    if receipt.unanswered:
        return "the handler did not come to its end", unanswered(receipt)
    if message.waits and message.reply != "OK":
        return f"no such line, and {message.sender} got {message.reply}", not_ok(receipt)
    if without := [text for text in lines if _may_be_about(text, receipt, others)]:
        told = 'The message itself is missing from the line: it is in the DXO\'s data, under the key "message".'
        return f"the log says: {without[0][:200]}", Hint(told, ideas.CONTENT, where_logged(receipt))
    if any(other.logged for other in others):
        told = (
            "The log has the line of another message, and not of this one. Each message calls the handler, and several"
        )
        return "no such line", Hint(f"{told} may do so at once. What differs?", ideas.CALLED, where_logged(receipt))
    return "no such line", _not_logged(receipt)


def _others(receipt: Receipt) -> list[Receipt]:
    """What else came the same way, but for what has the very same line; of very much, the first."""
    matching = receipt.run.matching
    pairs = ((message, matching.pair_of(message)) for message in receipt.run.evidence.messages)
    came = (Receipt(receipt.run, message, pair.expected if pair else None) for message, pair in pairs)
    return list(islice((o for o in came if o.party == receipt.party and o.line != receipt.line), _MOST_OTHERS))


def _may_be_about(text: str, receipt: Receipt, others: Sequence[Receipt]) -> bool:
    """Whether a line that begins as asked for can be about this message: it holds nothing of another one."""
    alike = bool(receipt.line) and receipt.line.split()[0].lower() in text.lower()
    of_another = any(other.text and other.text in text for other in others)
    senders = {other.message.sender for other in others} - {receipt.message.sender}
    names_another = receipt.message.sender not in text and any(sender in text for sender in senders)
    return alike and not of_another and not names_another


def _not_logged(receipt: Receipt) -> Hint:
    """Of a handler that took the message, of which nothing is in the log."""
    run, party, handler = receipt.run, receipt.party, code.handler(receipt.run, receipt.party)
    if quiet := not_run.kept_quiet(run, party, *_LOGS):
        told = (
            "Nothing was logged of it, and what fails before the log call, this line keeps quiet. What does it catch?"
        )
        return Hint(told, ideas.SWALLOWED, quiet)
    if where := where_logged(receipt):
        told = "Is this line reached for each message, on every path, and does it say what is asked for?"
        return Hint(told, where=where)
    if where := code.calls(run, party, *_LOGS_TOO_LOW, method=handler):
        return Hint(
            "The handler logs at the level DEBUG, and the log of a run leaves that out.", ideas.LOG_LEVEL, where
        )
    where = code.definition(run, party, handler) if handler else ""
    told = "The handler took the message and logged nothing about it. A component has methods that write to the log."
    return Hint(told, ideas.LOGGING, where)


def _line_hint(line: str, receipt: Receipt) -> Hint:
    """Of a line about the message that is not the one that is asked for."""
    where = where_logged(receipt)
    for own_name in {receipt.party, SERVER_IDENTITY if receipt.party == SERVER else receipt.party}:
        if f"from {own_name}" in line:
            receiver = own_name if own_name == receipt.party else f"{own_name}, which is the server itself"
            told = (
                f"The line names {receiver}: that is who received it. The request's peer properties tell of the sender."
            )
            return Hint(told, ideas.SENDER, where)
    if receipt.message.sender not in line.partition(":")[0]:
        told = "The line does not name the sender. The request's peer properties, or the peer context, tell who it is."
        return Hint(told, ideas.SENDER, where)
    if "'message':" in line:
        told = "The line shows the whole dictionary that the DXO holds. Only the message in it is asked for."
        return Hint(told, ideas.CONTENT, where)
    return Hint("Compare your line letter by letter with the one that is asked for.", where=where)


def where_logged(receipt: Receipt, *, every: bool = False) -> str:
    """Where the handler writes to the log of a run, in words; with ``every`` in whatever way, else in the likeliest."""
    method = code.handler(receipt.run, receipt.party)
    return code.calls(receipt.run, receipt.party, *_LOGS, method=method, every=every)


def not_ok(receipt: Receipt) -> Hint:
    """Why the reply to a message does not have the return code ``OK``."""
    run, party, reply = receipt.run, receipt.party, receipt.message.reply
    if reply == "TOPIC_UNKNOWN":
        return unregistered(receipt)
    if reply == "HANDLER_EXCEPTION":
        untold = of_exception("The handler raised an exception; the receiver's log tells which.", ideas.REPLY)
        return handler_raised(receipt) or untold
    if reply is None:
        return unanswered(receipt)
    method = code.handler(run, party)
    if reply == NO_SHAREABLE:
        return _no_shareable(run, party, method)
    where = values.returns_after(run, party, method, (), str(reply)) if method else ""
    if any(other.message.reply == "OK" for other in _others(receipt)):
        told = f"Another message was answered with OK, and this one with {reply}. On which path does the handler do so?"
        return Hint(told, ideas.REPLY, where)
    told = "make_reply takes the return code; for a message that was handled it is ReturnCode.OK."
    return Hint(told, ideas.REPLY, where)


def _no_shareable(run: Played, party: str, handler: str) -> Hint:
    """Of a handler that returned something that NVFlare could not send."""
    where = code.definition(run, party, handler) if handler else ""
    if handler and (not_run.is_async(run, party, handler) or diagnosis.coroutine_in_vain(run, party) == handler):
        told = (
            "The handler is an async def. NVFlare calls it and awaits nothing: it got a coroutine, and no line was run."
        )
        return Hint(told, ideas.AWAITED, where)
    if handler:
        where = values.ends_open(run, party, handler, ()) or code.returns(run, party, handler)
    told = "The handler has to return a Shareable, on every path. Did it return None?"
    return Hint(told, ideas.REPLY, where)


def handler_raised(receipt: Receipt) -> Hint | None:
    """Of an exception that the handler let out at this message; None when it let out none."""
    run, party, message = receipt.run, receipt.party, receipt.message
    raised = diagnosis.raised_anywhere(run, party, _HANDLER_RAISED, peer=message.sender)
    if not raised or (message.waits and message.reply not in (None, "HANDLER_EXCEPTION")):
        return None
    handler = code.handler(run, party)
    if raised.startswith("TypeError") and "argument" in raised and (not handler or f"{handler}()" in raised):
        hint = of_exception(f"NVFlare could not call the handler: {raised}.", ideas.CALLED)
        return replace(hint, where=code.definition(run, party, handler) if handler else "")
    if raised.startswith(_NOT_WRITTEN_YET):
        return of_exception(f"The handler raised {raised}. {_CAME_WITH_THE_CELL}")
    of_content = raised.startswith("KeyError: '") or "'DXO' object" in raised or "'Shareable' object" in raised
    return of_exception(f"The handler raised {raised}.", ideas.CONTENT if of_content else None)
