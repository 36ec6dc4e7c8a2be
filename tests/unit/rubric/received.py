"""Classes that receive, checks of them, and evidence of their runs, for hints that depend on how a class is written."""

from dataclasses import replace

from autograder.evidence.model import LogLine, Message
from autograder.rubric import receiving as checks
from autograder.rubric.model import RunEvidence
from autograder.simulator.scenario import SERVER, Part
from tests.unit.rubric.evidence import PEERS, SITES, STUDENT, hello, line, message, numbered, receiving, scenario

RECEIVER = """
class P2PExecutor(TalkingExecutor):
    def handle_event(self, event_type, fl_ctx):
        if event_type == EventType.START_RUN:
            fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        self.log_info(fl_ctx, f"Received message from {sender}")
        return make_reply(ReturnCode.OK)
"""


REGISTERS = 'fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)'


LOGS_IT = "self.log_info("


CONTROLLER = """
class P2PController(SimpleController):
    def start_controller(self, fl_ctx):
        fl_ctx.get_engine().register_aux_message_handler("hello", self.on_hello)

    def on_hello(self, topic, request, fl_ctx):
        self.log_info(fl_ctx, "Received")
        return make_reply(ReturnCode.OK)
"""


HANDLER = checks.has_handler("a", "A", 1, checks.any_site)


LOGS = checks.logs_each("b", "B", 1, checks.any_site)


REPLIES = checks.replies_ok("c", "C", 1, checks.any_site)


ELSE = checks.does_nothing_else("d", "D", 1, checks.any_site)


SERVER_HANDLER = checks.has_handler("e", "E", 1, checks.the_server)


SERVER_REPLIES = checks.replies_ok("g", "G", 0.5, checks.the_server, nothing_else=True)


SERVER_LOGS = checks.logs_each("f", "F", 1, checks.the_server)


RIGHT = tuple(message(peer, STUDENT) for peer in PEERS)


UNKNOWN = tuple(message(peer, STUDENT, reply="TOPIC_UNKNOWN") for peer in PEERS)


RAISED = tuple(message(peer, STUDENT, reply="HANDLER_EXCEPTION") for peer in PEERS)


LINES = tuple(line(STUDENT, f"Received message from {peer}: Hello from {peer}") for peer in PEERS)


FIRST_ONLY = (line(STUDENT, "Received message from site-0: Hello from site-0"),)


TAKEN = tuple(message(site, SERVER) for site in SITES)


LOGGED = tuple(line(SERVER, f"Received message from {site}: Hello from {site}") for site in SITES)


def received(code: str, *messages: Message, lines: tuple[LogLine, ...] = ()) -> RunEvidence:
    """A run in which the student's site runs ``code``."""
    run = receiving(*messages, lines=lines)
    part = Part("submission", "P2PExecutor", {"submission": code})
    written = replace(run.scenario, executors={**run.scenario.executors, STUDENT: part})
    return RunEvidence(written, run.evidence, numbered)


def served(code: str, *messages: Message, lines: tuple[LogLine, ...] = ()) -> RunEvidence:
    """A run in which the server runs ``code``."""
    run = receiving(*messages, lines=lines)
    given = scenario(tuple(hello(site, SERVER) for site in SITES), frozenset({SERVER}))
    part = Part("submission", "P2PController", {"submission": code})
    return RunEvidence(replace(given, controller=part), run.evidence, numbered)


def event_error(error: str, number: int, event: str = "_start_run") -> tuple[LogLine, LogLine]:
    """What the log says of an exception that ``handle_event`` let out."""
    traceback = (
        f'Traceback (most recent call last):\n  File "/x/submission.py", line {number}, in handle_event\n{error}\n'
    )
    return (
        line(STUDENT, f'Exception when handling event "{event}": {error}', "ERROR"),
        line(STUDENT, traceback, "ERROR"),
    )


def handler_error(error: str, frame: str = "") -> tuple[LogLine, LogLine]:
    """What the log says of an exception that a handler let out."""
    return (
        line(STUDENT, "processing error in message handling", "ERROR"),
        line(STUDENT, f"Traceback (most recent call last):\n{frame}{error}\n", "ERROR"),
    )
