"""Checks of what the student's parties do with messages: handlers, log lines, replies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from autograder.evidence.collect import NO_SHAREABLE
from autograder.evidence.model import LogLine, Message
from autograder.rubric import code, diagnosis, ideas
from autograder.rubric.hints import Hint, failed, of_exception
from autograder.rubric.model import Check, Finding, Played
from autograder.simulator.scenario import SERVER

_UNKNOWN_TOPIC = "received unknown aux message topic"
_REGISTERED = "registered aux handler for topic "
_REGISTERS = "register_aux_message_handler"
_LOGS = ("log_info", "info", "log_debug", "log_warning", "debug", "warning")
_HANDLER_RAISED = "processing error in message handling"

Receivers = Callable[[str], bool]
"""Says of a party whether its handler is judged."""


def any_site(party: str) -> bool:
    """The handlers of clients."""
    return party != SERVER


def the_server(party: str) -> bool:
    """The handler of the server."""
    return party == SERVER


@dataclass(frozen=True)
class Receipt:
    """A message that should have been handled by a party of the student's, and did come its way."""

    run: Played
    message: Message

    @property
    def party(self) -> str:
        """Whose handler it was for."""
        return self.message.receiver

    @property
    def line(self) -> str:
        """The line that the handler should log."""
        return f"Received message from {self.message.sender}: {self.message.text}"

    @property
    def logged(self) -> int:
        """How often that line is in the receiver's log."""
        return sum(line.text == self.line for line in component_lines(self.run, self.party))

    @property
    def unhandled(self) -> bool:
        """Whether no handler was registered for the topic."""
        if self.message.waits:
            return self.message.reply == "TOPIC_UNKNOWN"
        peer = f"peer={self.message.sender},"
        unknown = f"{_UNKNOWN_TOPIC} {self.message.topic}"
        return any(line.text == unknown and peer in line.context for line in self.run.evidence.lines_of(self.party))

    @property
    def unanswered(self) -> bool:
        """Whether its sender waited and nothing came back.

        Then there is no proof of a handler, whatever the receiver's log says, since everybody can write there.
        """
        return self.message.waits and self.message.reply is None


def component_lines(run: Played, party: str) -> list[LogLine]:
    """The lines of a party's log that are not NVFlare's own."""
    own = ("nvflare.", "autograder.")
    return [line for line in run.evidence.lines_of(party) if not line.origin.startswith(own)]


def has_handler(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """A handler answered every message, in whatever way."""

    def judge(played: Sequence[Played]) -> Finding:
        expected = "a handler answers every message"
        receipts = _receipts(played, receivers)
        for receipt in receipts:
            if receipt.unhandled:
                seen = f"{receipt.party} has no handler for topic {receipt.message.topic!r} (TOPIC_UNKNOWN)"
                return failed(expected, seen, _why_unregistered(receipt))
            if receipt.unanswered:
                seen = f"{receipt.party} did not answer {receipt.message.sender}"
                return failed(expected, seen, _why_unanswered(receipt))
        return _passed(receipts, played, receivers, expected)

    return Check(name, title, points, judge)


def logs_each(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """The receiver's log has the line for every message, and a handler answered that message."""

    def judge(played: Sequence[Played]) -> Finding:
        receipts = _receipts(played, receivers)
        for receipt in receipts:
            expected = f"in the log of {receipt.party}: {receipt.line}"
            if not receipt.logged or receipt.unhandled:
                return failed(expected, *_instead_of_line(receipt))
            if receipt.unanswered:
                seen = "the line, but the handler did not come to its end"
                return failed(expected, seen, _why_unanswered(receipt))
        return _passed(receipts, played, receivers, "in the receiver's log: Received message from <sender>: <message>")

    return Check(name, title, points, judge)


def replies_ok(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """The handler's reply to every message has the return code ``OK``."""

    def judge(played: Sequence[Played]) -> Finding:
        expected = "the handler's reply has the return code OK"
        receipts = _receipts(played, receivers)
        for receipt in receipts:
            if not receipt.message.waits:
                if receipt.unhandled or not receipt.logged:
                    return failed(expected, "the handler did not do its work", _why_unregistered(receipt))
            elif receipt.message.reply != "OK":
                seen = f"{receipt.message.sender} got {receipt.message.reply or 'no reply'} from {receipt.party}"
                return failed(expected, seen, _why_not_ok(receipt))
        return _passed(receipts, played, receivers, expected)

    return Check(name, title, points, judge)


def does_nothing_else(name: str, title: str, points: float, receivers: Receivers) -> Check:
    """No exception in ``handle_event`` or the handler, no line twice, no message sent by the handler."""

    def judge(played: Sequence[Played]) -> Finding:
        expected = "each message handled once, nothing raised, nothing sent"
        receipts = _receipts(played, receivers)
        if not receipts or any(receipt.unhandled for receipt in receipts):
            first = Hint("Register a handler first.", ideas.HANDLER)
            hint = first if receipts else _why_nothing_came(played, receivers)
            return failed(expected, "no handler that could be looked at", hint)
        for receipt in receipts:
            if finding := _trouble(receipt, expected):
                return finding
        return Finding(True, expected, "that")

    return Check(name, title, points, judge)


def _receipts(played: Sequence[Played], receivers: Receivers) -> list[Receipt]:
    """For each expected message to a judged party of the student's the first that came, in a fixed order."""
    found = []
    for run in played:
        for wanted in run.scenario.expected:
            if wanted.receiver not in run.scenario.students or not receivers(wanted.receiver):
                continue
            came = [
                m
                for m in run.evidence.messages
                if (m.sender, m.receiver, m.topic) == (wanted.sender, wanted.receiver, wanted.topic)
            ]
            found += [Receipt(run, message) for message in came[:1]]
    return found


def _passed(receipts: list[Receipt], played: Sequence[Played], receivers: Receivers, expected: str) -> Finding:
    if not receipts:
        return failed(expected, "no message came that could be handled", _why_nothing_came(played, receivers))
    return Finding(True, expected, f"that, for {len(receipts)} of {len(receipts)} messages")


def _why_nothing_came(played: Sequence[Played], receivers: Receivers) -> Hint:
    for run in played:
        for party in sorted(run.scenario.students):
            if receivers(party) and (absent := diagnosis.why_absent(run, party)):
                return Hint(absent, blocks=True)
    if any(SERVER in run.scenario.students for run in played):
        told = (
            "The clients were never asked to talk. If you override start_controller or control_flow, "
            "does it still do what SimpleController's does?"
        )
        return Hint(told, ideas.WORKFLOW, blocks=True)
    return Hint("Nobody has sent anything yet, so there is nothing to receive: finish the exercise on sending first.")


def _why_unregistered(receipt: Receipt) -> Hint:
    run, party = receipt.run, receipt.party
    if absent := diagnosis.why_absent(run, party):
        return Hint(absent, blocks=True)
    if errors := diagnosis.event_errors(run, party):
        return _why_event_raised(run, party, *errors[0])
    topics, where = _registered_topics(receipt), code.calls(run, party, _REGISTERS)
    if receipt.message.topic in topics:
        told = "Your handler was registered when the messages had already come. Which event comes before any task?"
        return Hint(told, ideas.HANDLER, where)
    if topics:
        told = f"A handler is registered for {topics[0]!r}. The messages have the topic {receipt.message.topic!r}."
        return Hint(told, ideas.TOPIC, where)
    if party == SERVER:
        told = "Nothing on the server registers a handler for this topic. The server has an engine too."
        return Hint(told, ideas.HANDLER, where)
    told = "No handler was registered before the messages came. Which event comes once, before any task?"
    return Hint(told, ideas.HANDLER, where)


def _why_event_raised(run: Played, party: str, event: str, error: str) -> Hint:
    """Of a ``handle_event`` that raised before the handler was registered."""
    if error.startswith("NotImplementedError"):
        return Hint("handle_event still raises NotImplementedError: it is waiting for your code.", blocks=True)
    told = f"Your handle_event raised at the event {event!r}: {error}. NVFlare logs that and has no handler then."
    hint = of_exception(told, ideas.EVENTS)
    return replace(hint, where=code.calls(run, party, _REGISTERS, method="handle_event"))


def _registered_topics(receipt: Receipt) -> list[str]:
    """The topics, NVFlare's own left out, for which the receiver has a handler at some time of the run."""
    lines = [line for line in receipt.run.evidence.lines_of(receipt.party) if line.origin.startswith("nvflare.")]
    texts = [line.text for line in lines if line.text.startswith(_REGISTERED)]
    topics = [text.removeprefix(_REGISTERED) for text in texts]
    return [topic for topic in topics if not topic.startswith(("_", "RM.", "ObjectStreamer", "fed.event"))]


def _why_unanswered(receipt: Receipt) -> Hint:
    if absent := diagnosis.why_absent(receipt.run, receipt.party):
        return Hint(absent, blocks=True)
    if receipt.party in receipt.run.evidence.ended:
        told = f"The process of {receipt.party} ended by itself. Does the handler end the program?"
        return Hint(told, ideas.SHORT_HANDLER, blocks=True)
    told = "The handler did not return in time. Does it wait for something, or loop?"
    return Hint(told, ideas.SHORT_HANDLER, blocks=True)


def _instead_of_line(receipt: Receipt) -> tuple[str, Hint]:
    """What was seen in place of the line, and a hint."""
    run, party, message = receipt.run, receipt.party, receipt.message
    if receipt.unhandled:
        return "no handler was called", _why_unregistered(receipt)
    own = [line.text for line in component_lines(run, party)]
    lines = [text for text in own if "eceived" in text]
    about = [text for text in own if message.text and message.text in text]
    if about:
        return f"the log says: {about[0][:200]}", _line_hint(about[0], receipt)
    if lines:
        told = 'The message itself is missing from the line: it is in the DXO\'s data, under the key "message".'
        return f"the log says: {lines[0][:200]}", Hint(told, ideas.CONTENT, _where_logged(receipt))
    if message.text and message.text in run.evidence.printed.get(party, ""):
        told = "print goes to the console only. A component has methods that write to the log."
        return "it was printed, not logged", Hint(told, ideas.LOGGING, code.calls(run, party, "print"))
    if raised := diagnosis.raised_anywhere(run, party, _HANDLER_RAISED):
        return "the handler raised an exception", _of_handlers_exception(raised)
    if message.waits and message.reply is None:
        return "the handler did not come to its end", _why_unanswered(receipt)
    told = "Does the handler log the message on every path, with the component's log_info?"
    return "no such line", Hint(told, ideas.LOGGING, _where_logged(receipt))


def _line_hint(line: str, receipt: Receipt) -> Hint:
    where = _where_logged(receipt)
    if f"from {receipt.party}" in line:
        told = f"The line names {receipt.party}, who received it. The request's peer properties tell of the sender."
        return Hint(told, ideas.SENDER, where)
    if receipt.message.sender not in line.partition(":")[0]:
        told = "The line does not name the sender. The request's peer properties, or the peer context, tell who it is."
        return Hint(told, ideas.SENDER, where)
    return Hint("Compare your line letter by letter with the one that is asked for.", where=where)


def _where_logged(receipt: Receipt) -> str:
    """Where the handler logs, in words."""
    method = code.handler(receipt.run, receipt.party)
    return code.calls(receipt.run, receipt.party, *_LOGS, method=method)


def _why_not_ok(receipt: Receipt) -> Hint:
    run, party, reply = receipt.run, receipt.party, receipt.message.reply
    if reply == "TOPIC_UNKNOWN":
        return _why_unregistered(receipt)
    if reply == "HANDLER_EXCEPTION":
        raised = diagnosis.raised_anywhere(run, party, _HANDLER_RAISED)
        return _of_handlers_exception(raised)
    if reply is None:
        return _why_unanswered(receipt)
    method = code.handler(run, party)
    where = code.returns(run, party, method) if method else ""
    if reply == NO_SHAREABLE:
        return Hint("The handler has to return a Shareable, on every path. Did it return None?", ideas.REPLY, where)
    told = "make_reply takes the return code; for a message that was handled it is ReturnCode.OK."
    return Hint(told, ideas.REPLY, where)


def _of_handlers_exception(raised: str) -> Hint:
    if not raised:
        return of_exception("The handler raised an exception; the receiver's log tells which.", ideas.REPLY)
    idea = ideas.CONTENT if raised.startswith("KeyError") else None
    if raised.startswith("TypeError") and "argument" in raised:
        idea = ideas.CALLED
    return of_exception(f"The handler raised {raised}.", idea)


def _trouble(receipt: Receipt, expected: str) -> Finding | None:
    run, party = receipt.run, receipt.party
    if errors := diagnosis.event_errors(run, party):
        event, error = errors[0]
        told = f"handle_event raised at the event {event!r}: {error}. It gets every event: act on yours only, once."
        return failed(expected, f"handle_event raised {error}", of_exception(told, ideas.EVENTS))
    if raised := diagnosis.raised_anywhere(run, party, _HANDLER_RAISED):
        return failed(expected, "the handler raised an exception", _of_handlers_exception(raised))
    if receipt.unanswered:
        return failed(expected, "the handler did not come to its end", _why_unanswered(receipt))
    if receipt.logged > 1:
        hint = Hint("Is there a second log call, or does the handler run twice?", where=_where_logged(receipt))
        return failed(expected, f"the line is {receipt.logged} times in the log of {party}", hint)
    if sent := _sent_beyond(run, party):
        told = "A handler answers with what it returns. A message that it sends calls a handler again, and so on."
        method = code.handler(run, party)
        where = code.calls(run, party, "send_aux_request", method=method) if method else ""
        seen = f"{party} sent {sent} more messages while it handled others"
        return failed(expected, seen, Hint(told, ideas.REPLY, where))
    return None


def _sent_beyond(run: Played, party: str) -> int:
    wanted = sum(message.sender == party for message in run.scenario.expected)
    sent = sum(message.sender == party for message in run.evidence.messages)
    # In the student's own check a site sends as well, and sending twice is the matter of `sending`.
    return sent - wanted if sent > 2 * wanted else 0
