"""The assignment ``p2p_communication``: three exercises, their scenarios and rubrics.

In grading two sites run the student's sending code, so that a name written into the code is wrong at one of them
whichever positions are drawn, and one site runs the student's receiving code. The others are reference peers.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from autograder.evidence.model import Evidence
from autograder.rubric import ideas, receiving, sending
from autograder.rubric.ideas import Idea
from autograder.rubric.model import Assignment, Cast, Check, Exercise, Together
from autograder.simulator.scenario import SERVER, Expected, Part, Scenario

SITES = ("site-0", "site-1", "site-2")
TOPIC = "hello"

_SENDING, _REPLIES, _RECEIVING = (
    "Sending: send_aux_request",
    "Replies are a diagnosis",
    "Receiving: register_aux_message_handler",
)
_TEACHES: dict[Idea, str] = {
    ideas.SENDING: _SENDING,
    ideas.ENGINE: "Tasks and aux messages",
    ideas.TARGETS: _SENDING,
    ideas.KNOWN_NAMES: _REPLIES,
    ideas.TOPIC: _SENDING,
    ideas.CONTENT: "Putting something into a message",
    ideas.SAME_CODE: "Exercise 1: send",
    ideas.TASK: "The controller",
    ideas.RESULT: _REPLIES,
    ideas.ENDING: "Exercise 1: send",
    ideas.TIMEOUT: _REPLIES,
    ideas.WAITING: _SENDING,
    ideas.REPLY: _REPLIES,
    ideas.WORKFLOW: "The controller",
}
"""The sections of the notebook in which the ideas behind hints are taught, those above the first exercise."""

_TEACHES_RECEIVING = _TEACHES | {
    ideas.HANDLER: _RECEIVING,
    ideas.EVENTS: _RECEIVING,
    ideas.CALLED: _RECEIVING,
    ideas.SENDER: _RECEIVING,
    ideas.SHORT_HANDLER: _RECEIVING,
}
"""Those above the second one."""

_PEER = "ReferencePeer"
_CONTROLLER = "ReferenceController"
_TALKS, _BROADCASTS = "TalkingExecutor", "BroadcastingExecutor"
_GREETER = "simulator_server"
"""What the simulator's server calls itself when it sends."""


def _hello(sender: str, receivers: Iterable[str], nonce: str = "", by: str = _BROADCASTS) -> tuple[Expected, ...]:
    """What a site says to receivers when it runs the class ``by``. The first class that sends has no handler yet."""
    text = f"Hello from {sender}" + (f" {nonce}" if nonce else "")
    handled = by != _TALKS
    return tuple(Expected(sender, receiver, TOPIC, text, handled) for receiver in receivers if receiver != sender)


def _nonce(cast: Cast) -> str:
    return f"{cast.random.getrandbits(64):016x}"


def _sending(cast: Cast, name: str, class_name: str, receivers: tuple[str, ...]) -> Scenario:
    """Two sites run the student's class, one a silent peer; the server is the course's."""
    students = sorted(cast.random.sample(SITES, 2))
    executors = {
        site: cast.student(class_name) if site in students else cast.reference(_PEER, {"targets": []}) for site in SITES
    }
    return Scenario(
        name,
        cast.reference(_CONTROLLER, {"talkers": students}),
        executors,
        frozenset(students),
        tuple(message for site in students for message in _hello(site, receivers, by=class_name)),
        cast.seed,
    )


def _send(cast: Cast) -> tuple[Scenario, ...]:
    return (_sending(cast, "send", _TALKS, SITES),)


def _receive(cast: Cast) -> tuple[Scenario, ...]:
    """One site runs the student's class and is asked nothing; the two others send to it, each with a nonce."""
    student = cast.random.choice(SITES)
    peers = [site for site in SITES if site != student]
    messages = tuple(message for peer in peers for message in _hello(peer, [student], _nonce(cast)))
    executors = {
        message.sender: cast.reference(_PEER, {"targets": [student], "text": message.text}) for message in messages
    }
    executors[student] = cast.student("P2PExecutor")
    controller = cast.reference(_CONTROLLER, {"talkers": peers})
    ordered = {site: executors[site] for site in SITES}
    return (Scenario("receive", controller, ordered, frozenset({student}), messages, cast.seed),)


def _serve(cast: Cast) -> Scenario:
    """The server runs the student's controller; each client is a peer that sends to the server, with a nonce."""
    messages = tuple(message for site in SITES for message in _hello(site, [SERVER], _nonce(cast)))
    executors = {
        message.sender: cast.reference(_PEER, {"targets": [SERVER], "text": message.text}) for message in messages
    }
    return Scenario("serve", cast.student("P2PController"), executors, frozenset({SERVER}), messages, cast.seed)


def _broadcast_and_serve(cast: Cast) -> tuple[Scenario, ...]:
    return (_sending(cast, "broadcast", _BROADCASTS, (*SITES, SERVER)), _serve(cast))


def _together(cast: Cast) -> Together:
    """Two sites send, first as exercise 1 asks for, then as exercise 3 does; the course's server greets the third."""
    senders = sorted(cast.random.sample(SITES, 2))
    (receiver,) = set(SITES) - set(senders)
    greetings = tuple(Expected(_GREETER, receiver, TOPIC, f"Hello from {_GREETER} {_nonce(cast)}") for _ in range(2))
    first = {"talkers": senders, "greetings": {receiver: [greeting.text for greeting in greetings]}}
    sends = cast.student(_TALKS, _BROADCASTS)
    executors = {site: sends if site in senders else cast.student("P2PExecutor") for site in SITES}
    scenario = Scenario(
        "together",
        cast.reference(_CONTROLLER, first),
        executors,
        frozenset(SITES),
        (),
        cast.seed,
        rounds=({"talkers": senders, "listens": False},),
        server_sends=True,
    )

    def sending(number: int, receivers: tuple[str, ...]) -> Callable[[Evidence], tuple[Scenario, Evidence]]:
        def view(evidence: Evidence) -> tuple[Scenario, Evidence]:
            sent = tuple(m for m in evidence.messages if m.sender in senders and m.round == number)
            results = tuple(result for result in evidence.results if result.round == number)
            by = _TALKS if number == 1 else _BROADCASTS
            expected = tuple(message for site in senders for message in _hello(site, receivers, by=by))
            seen = replace(evidence, messages=sent, results=results)
            return replace(scenario, students=frozenset(senders), expected=expected), seen

        return view

    def receiving_view(evidence: Evidence) -> tuple[Scenario, Evidence]:
        own = tuple(m for m in evidence.messages if receiver in (m.sender, m.receiver) and m.sender not in senders)
        to_self = {site: count for site, count in evidence.to_self.items() if site == receiver}
        seen = replace(evidence, messages=own, to_self=to_self)
        return replace(scenario, students=frozenset({receiver}), expected=greetings), seen

    everyone = (*SITES, SERVER)
    views = {"execute": sending(1, SITES), "handle_event": receiving_view, "server_handler": sending(2, everyone)}
    return Together(scenario, views)


def _own(
    class_name: str, controller: str, receivers: tuple[str, ...], students: tuple[str, ...]
) -> Callable[[Callable[[str], Part]], Scenario]:
    def scenario(student: Callable[[str], Part]) -> Scenario:
        executors = {site: student(class_name) for site in SITES}
        expected = tuple(message for site in SITES for message in _hello(site, receivers, by=class_name))
        return Scenario("own", student(controller), executors, frozenset(students), expected)

    return scenario


def _sending_checks() -> tuple[Check, ...]:
    return (
        sending.reaches_everyone("every_other_client", "Every other client receives a hello from your site", 1),
        sending.reaches_each_once("once_each", "Each of them receives it once, and nobody else does", 1),
        sending.says_hello("message", "The message is a DXO that says hello from your site", 1),
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
            "Each of them receives it once, with the right message, and execute returns OK",
            0.5,
            with_content=True,
        ),
        receiving.has_handler("server_registered", "The server has a handler for hello", 1, server),
        receiving.logs_each("server_logs", "The server logs every message with its sender and its text", 1, server),
        receiving.replies_ok("server_replies_ok", "The server's handler returns an OK reply", 0.5, server),
    )


ASSIGNMENT = Assignment(
    name="p2p_communication",
    title="Peer-to-peer communication",
    given=("imports", "simple_controller"),
    given_classes=("SimpleController",),
    together=_together,
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
            own_play=_own(_TALKS, "SimpleController", SITES, SITES),
            teaches=_TEACHES,
        ),
        Exercise(
            name="handle_event",
            title="2 Receive",
            check_cell="test_handle_event",
            classes=("P2PExecutor",),
            needs=("execute",),
            section="Exercise 2: receive",
            checks=_receiving_checks(),
            cross_play=_receive,
            own_play=_own("P2PExecutor", "SimpleController", SITES, SITES),
            teaches=_TEACHES_RECEIVING,
        ),
        Exercise(
            name="server_handler",
            title="3 The server too",
            check_cell="test_server_handler",
            classes=(_BROADCASTS, "P2PController"),
            needs=("execute", "handle_event"),
            section="Exercise 3: the server too",
            checks=_server_checks(),
            cross_play=_broadcast_and_serve,
            own_play=_own(_BROADCASTS, "P2PController", (*SITES, SERVER), (*SITES, SERVER)),
            teaches=_TEACHES_RECEIVING,
        ),
    ),
)
