"""The assignment ``p2p_communication``: three exercises, their scenarios and rubrics.

Every position is played: in each run all clients, or the server, run the student's code, so a mistake at a single site
is found each time. What the student's handlers get is said by components of the course's (`Conductor`, `Speaker`).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import repeat
from typing import Any

from autograder.rubric import concepts, receiving, sending
from autograder.rubric.concepts import Idea
from autograder.rubric.matchers import Text
from autograder.rubric.model import Assignment, Cast, Check, Exercise
from autograder.simulator.parties.lines import Lines, line
from autograder.simulator.scenario import SERVER, Expected, Gathering, LogTemplate, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
TOPIC = "hello"

_SENDING, _REPLIES, _RECEIVING = (
    "Sending: send_aux_request",
    "Replies are a diagnosis",
    "Receiving: register_aux_message_handler",
)
_TEACHES: dict[Idea, str] = {
    concepts.SENDING: _SENDING,
    concepts.ENGINE: "Tasks and aux messages",
    concepts.TARGETS: _SENDING,
    concepts.KNOWN_NAMES: _REPLIES,
    concepts.TOPIC: _SENDING,
    concepts.CONTENT: "Putting something into a message",
    concepts.SAME_CODE: "Exercise 1: send",
    concepts.TASK: "The controller",
    concepts.RESULT: _REPLIES,
    concepts.ENDING: "Exercise 1: send",
    concepts.TIMEOUT: _REPLIES,
    concepts.WAITING: _SENDING,
    concepts.REPLY: _REPLIES,
    concepts.WORKFLOW: "The controller",
}
"""The sections of the notebook in which the ideas behind hints are taught, those above the first exercise."""

_TEACHES_RECEIVING = _TEACHES | {
    concepts.HANDLER: _RECEIVING,
    concepts.EVENTS: _RECEIVING,
    concepts.CALLED: _RECEIVING,
    concepts.SENDER: _RECEIVING,
    concepts.SHORT_HANDLER: _RECEIVING,
}
"""Those above the second one."""

_TASK = "talk"
_TASKS = {_TASK: SITES}
_KEY = "message"
_LOG = LogTemplate("Received message from {sender}: {message}")
_TALKS, _TAKES, _BROADCASTS, _SERVES = "TalkingExecutor", "P2PExecutor", "BroadcastingExecutor", "P2PController"
_GIVEN = "SimpleController"
_CLIENTS_ON_THE_WAY = 2
"""The number of clients that say hello to another one at the same moment: all others."""


def _hello(sender: str, receivers: Iterable[str], *, handled: bool = True) -> tuple[Expected, ...]:
    """Return what a site says to receivers other than itself, as the notebook states it."""
    text = Text(_KEY, f"Hello from {sender}")
    log = _LOG if handled else None
    others = (receiver for receiver in receivers if receiver != sender)
    return tuple(Expected(sender, receiver, TOPIC, text, log=log, handled=handled) for receiver in others)


def _hellos(receivers: Iterable[str], *, handled: bool = True) -> tuple[Expected, ...]:
    receivers = tuple(receivers)
    return tuple(message for site in SITES for message in _hello(site, receivers, handled=handled))


def _probes(cast: Cast, receivers: Iterable[str]) -> tuple[tuple[Expected, ...], tuple[Expected, ...]]:
    """Return two turns of messages with unforeseeable texts: whoever takes one has to log its text.

    They come from every site, so that only their words are drawn, and no sender. What one site says in the first turn,
    the next one says in the second: two messages, which only their senders tell apart. Each sender says a text with a
    space at both ends, and at least one in three has none.
    """
    first: list[Expected] = []
    second: list[Expected] = []
    for receiver in receivers:
        senders = [site for site in SITES if site != receiver]
        texts = [_unforeseen(cast, spaced=number % 2 == 0) for number in range(len(senders))]
        first += map(_probe, senders, repeat(receiver), texts)
        second += map(_probe, senders, repeat(receiver), [*texts[1:], texts[0]])
    return tuple(first), tuple(second)


def _probe(sender: str, receiver: str, text: Text) -> Expected:
    return Expected(sender, receiver, TOPIC, text, log=_LOG, refusable=True)


def _unforeseen(cast: Cast, *, spaced: bool) -> Text:
    """Draw a text that shows whether it was changed: its case, its spaces and punctuation, its letters, its length.

    Args:
        spaced: whether it has a space at both ends.
    """
    first, second = cast.random.getrandbits(64), cast.random.getrandbits(64)
    end = " " if spaced else ""
    return Text(_KEY, f"{end}ciao, Zoë: {first:016x}  and {second:016X}; see you LATER!{end}")


def _again(messages: Iterable[Expected]) -> tuple[Expected, ...]:
    """Return what is said once more, which nobody may refuse who has taken it before."""
    return tuple(replace(message, repeats=True) for message in messages)


def _turns(cast: Cast, receivers: Iterable[str]) -> tuple[tuple[Expected, ...], ...]:
    """Return what is said in which turn to those whose handlers are judged."""
    receivers = tuple(receivers)
    hellos = _hellos(receivers)
    return hellos, *_probes(cast, receivers), _again(hellos)


def _lines(messages: Iterable[Expected]) -> Lines:
    return [line(message.receiver, message.topic, {_KEY: message.called}) for message in messages]


def _by_sender(messages: Iterable[Expected]) -> dict[str, Lines]:
    messages = tuple(messages)
    spoken = {site: _lines(m for m in messages if m.sender == site) for site in SITES}
    return {site: lines for site, lines in spoken.items() if lines}


def _course(class_name: str, **arguments: Any) -> Part:
    """Return a part of the course's own that disturbs no student: see `autograder.simulator.parties.conducting`."""
    return Part("autograder.simulator.parties.conducting", class_name, arguments=arguments)


def _send(cast: Cast) -> tuple[Scenario, ...]:
    """Let all sites run the student's class, where nobody handles a hello."""
    executors = {site: cast.student(_TALKS) for site in SITES}
    giver = _course("TaskGiver", task=_TASK)
    expected = _hellos(SITES, handled=False)
    return (Scenario("send", giver, executors, frozenset(SITES), expected, cast.seed, tasks=_TASKS),)


def _receive(cast: Cast) -> tuple[Scenario, ...]:
    """Let all sites run the student's class and get both other hellos at once, then drawn texts, then hellos again.

    What a site says is said by a component of the course's, so the student's own ``execute`` is asked for nothing. The
    task after the first turn is done by one too: the student's ``handle_event`` gets the events of a task, as in any
    run. A handler that is registered with the task misses the first turn, and one that only collects what is to be
    logged at the end of the task has nothing logged of the second.
    """
    turns = _turns(cast, SITES)
    conductor = _course("Conductor", turns=[_by_sender(turn) for turn in turns], task=_TASK, task_after=1)
    executors = {site: cast.student(_TAKES) for site in SITES}
    gather = Gathering(TOPIC, _CLIENTS_ON_THE_WAY)
    students = frozenset(SITES)
    expected = sum(turns, ())
    return (Scenario("receive", conductor, executors, students, expected, cast.seed, relieved=(_TASK,), gather=gather),)


def _broadcast(cast: Cast) -> Scenario:
    """Let all sites run the student's class; the server is the course's and answers every hello."""
    giver = _course("TaskGiver", task=_TASK, acknowledges=[TOPIC])
    return Scenario(
        "broadcast",
        giver,
        {site: cast.student(_BROADCASTS) for site in SITES},
        frozenset(SITES),
        _hellos((*SITES, SERVER)),
        cast.seed,
        tasks=_TASKS,
        credited={f"{_TALKS}.execute": _hellos(SITES)},
    )


def _serve(cast: Cast) -> Scenario:
    """Let the server run the student's controller; all clients say hello at once, then something else, then hello."""
    turns = _turns(cast, [SERVER])
    executors = {}
    for site in SITES:
        own = [_lines(m for m in turn if m.sender == site) for turn in turns]
        executors[site] = _course("Speaker", turns=own, task=_TASK)
    gather = Gathering(TOPIC, len(SITES))
    controller = cast.student(_SERVES)
    return Scenario(
        "serve",
        controller,
        executors,
        frozenset({SERVER}),
        sum(turns, ()),
        cast.seed,
        tasks=_TASKS,
        gather=gather,
    )


def _broadcast_and_serve(cast: Cast) -> tuple[Scenario, ...]:
    return (_broadcast(cast), _serve(cast))


def _own(
    class_name: str, controller: str, receivers: tuple[str, ...], students: tuple[str, ...]
) -> Callable[[Callable[[str], Part]], Scenario]:
    def scenario(student: Callable[[str], Part]) -> Scenario:
        executors = {site: student(class_name) for site in SITES}
        expected = _hellos(receivers, handled=class_name != _TALKS)
        return Scenario("own", student(controller), executors, frozenset(students), expected, tasks=_TASKS)

    return scenario


_TALKS_STUB = """
class TalkingExecutor(Executor):
    def execute(
        self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal
    ) -> Shareable:
        raise NotImplementedError()
"""
_TAKES_STUB = """
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        raise NotImplementedError()

    def handle_hello(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        raise NotImplementedError()
"""


def _sending_checks() -> tuple[Check, ...]:
    return (
        sending.reaches_everyone("every_other_client", "Every other client receives a hello from your site", 1),
        sending.reaches_each_once("once_each", "Each of them receives it once, and nobody else does", 1),
        sending.says("message", "The message is a DXO that says hello from your site", 1),
        sending.returns_ok("returns_ok", "execute returns an OK reply", 1),
    )


def _receiving_checks() -> tuple[Check, ...]:
    site = receiving.any_site
    return (
        receiving.has_handler("handler_registered", "A handler for hello is there when the messages come", 1, site),
        receiving.logs_each("logs_message", "Every message is logged with its sender and its text", 1, site),
        receiving.replies_ok("replies_ok", "The handler returns an OK reply", 1, site),
        receiving.does_nothing_else("nothing_else", "Nothing is raised, logged twice or sent besides", 1, site),
    )


def _server_checks() -> tuple[Check, ...]:
    server = receiving.the_server
    return (
        sending.reaches_everyone("every_party", "Every other client and the server receive a hello from your site", 1),
        sending.reaches_each_once(
            "once_each",
            "Each of them receives it once, with the right message; your clients take it; execute returns OK",
            0.5,
            in_full=True,
        ),
        receiving.has_handler("server_registered", "The server has a handler for hello", 1, server),
        receiving.logs_each("server_logs", "The server logs every message with its sender and its text", 1, server),
        receiving.replies_ok(
            "server_replies_ok",
            "The server's handler returns an OK reply; nothing is raised, logged or asked twice, or sent besides",
            0.5,
            server,
            nothing_else=True,
        ),
    )


ASSIGNMENT = Assignment(
    name="p2p_communication",
    title="Peer-to-peer communication",
    given=("imports", "simple_controller"),
    given_classes=(_GIVEN,),
    controller=_GIVEN,
    exercises=(
        Exercise(
            name="execute",
            title="1 Send",
            check_cell="test_execute",
            classes=(_TALKS,),
            needs=(),
            section="Exercise 1: send",
            checks=_sending_checks(),
            cross_play=_send,
            own_play=_own(_TALKS, _GIVEN, SITES, SITES),
            self_contained=True,
            stub=_TALKS_STUB,
            teaches=_TEACHES,
        ),
        Exercise(
            name="handle_event",
            title="2 Receive",
            check_cell="test_handle_event",
            classes=(_TAKES,),
            needs=("execute",),
            section="Exercise 2: receive",
            checks=_receiving_checks(),
            cross_play=_receive,
            own_play=_own(_TAKES, _GIVEN, SITES, SITES),
            self_contained=True,
            stub=_TAKES_STUB,
            teaches=_TEACHES_RECEIVING,
        ),
        Exercise(
            name="server_handler",
            title="3 The server too",
            check_cell="test_server_handler",
            classes=(_BROADCASTS, _SERVES),
            needs=("execute", "handle_event"),
            section="Exercise 3: the server too",
            checks=_server_checks(),
            cross_play=_broadcast_and_serve,
            own_play=_own(_BROADCASTS, _SERVES, (*SITES, SERVER), (*SITES, SERVER)),
            self_contained=True,
            teaches=_TEACHES_RECEIVING,
        ),
    ),
)
