"""The assignment ``reliable_messaging``: three exercises on a network that is not kind, their stubs and rubrics."""

from autograder.assignments.reliable_messaging import calling, delivering, inbox, scenarios
from autograder.rubric import concepts, receiving
from autograder.rubric.concepts import Idea
from autograder.rubric.model import Assignment, Check, Exercise

_DELIVERS, _TAKES, _CALLS = "ReliableExecutor", "InboxExecutor", "RollCallExecutor"

_REPLIES, _BOUNDED, _ONCE = "What a reply tells", "Trying again, within bounds", "Once, whatever comes"
_TEACHES: dict[Idea, str] = {
    concepts.SENDING: _REPLIES,
    concepts.ENGINE: _REPLIES,
    concepts.TARGETS: _REPLIES,
    concepts.KNOWN_NAMES: _REPLIES,
    concepts.TOPIC: _REPLIES,
    concepts.TIMEOUT: _REPLIES,
    concepts.RESULT: _REPLIES,
    concepts.CONTENT: "The controller",
    concepts.TASK: "The controller",
    concepts.WAITING: _BOUNDED,
}
"""The sections of the notebook in which the ideas behind hints are taught, those above the first exercise."""
_TEACHES_RECEIVING = _TEACHES | dict.fromkeys(
    (concepts.HANDLER, concepts.EVENTS, concepts.CALLED, concepts.SENDER, concepts.SHORT_HANDLER, concepts.REPLY), _ONCE
)
"""Those above the second one."""

_DELIVERS_STUB = """
class ReliableExecutor(Executor):
    def execute(
        self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal
    ) -> Shareable:
        raise NotImplementedError()
"""
_TAKES_STUB = """
class InboxExecutor(ReliableExecutor):
    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        raise NotImplementedError()

    def handle_news(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        raise NotImplementedError()
"""


def _delivering() -> tuple[Check, ...]:
    return (
        delivering.everyone("everyone", "Every other client is sent the item, and nobody else", 1),
        delivering.until_ok(
            "until_ok", "It is sent again until its receiver says OK, six times, or the deadline comes", 1
        ),
        delivering.within_bounds(
            "within_bounds",
            "It is not sent to whoever has said OK, more than six times, after the deadline, or without growing pauses",
            1,
        ),
        delivering.tells("tells", "Log and result say who has the item and who was given up on", 1),
    )


def _taking() -> tuple[Check, ...]:
    return (
        inbox.registered("registered", "A handler for news, registered once, is there when the items come", 1),
        inbox.logged("logged", "Every item is logged with its id, its sender and its text", 1),
        inbox.once("once", "No item is logged more than once, however often it comes", 1),
        receiving.replies_ok("replies_ok", "The handler replies OK each time", 1, receiving.any_site),
    )


def _calling() -> tuple[Check, ...]:
    return (
        calling.pings("pings", "Every other client is sent an empty ping, three at most, and nobody else", 1),
        calling.answers("answers", "Pings that come are answered with OK, and news is still taken", 1),
        calling.alive("alive", "The log says who is alive: the slow are, the silent and the failing are not", 1),
        calling.in_time("in_time", "execute returns OK before the deadline, and does other tasks as before", 1),
    )


ASSIGNMENT = Assignment(
    name="reliable_messaging",
    title="Reliable messaging",
    given=("imports", "news_controller"),
    given_classes=(scenarios.CONTROLLER,),
    controller=scenarios.CONTROLLER,
    exercises=(
        Exercise(
            name="deliver",
            title="1 Deliver",
            check_cell="test_deliver",
            classes=(_DELIVERS,),
            needs=(),
            section="Exercise 1: deliver",
            checks=_delivering(),
            cross_play=scenarios.deliver,
            own_play=scenarios.own(_DELIVERS, scenarios.ANNOUNCE),
            self_contained=True,
            stub=_DELIVERS_STUB,
            teaches=_TEACHES,
        ),
        Exercise(
            name="exactly_once",
            title="2 Exactly once",
            check_cell="test_exactly_once",
            classes=(_TAKES,),
            needs=("deliver",),
            section="Exercise 2: exactly once",
            checks=_taking(),
            cross_play=scenarios.exactly_once,
            own_play=scenarios.own(_TAKES, scenarios.ANNOUNCE, log=scenarios.NEWS_LOG),
            self_contained=True,
            stub=_TAKES_STUB,
            teaches=_TEACHES_RECEIVING,
        ),
        Exercise(
            name="roll_call",
            title="3 Roll call",
            check_cell="test_roll_call",
            classes=(_CALLS,),
            needs=("deliver", "exactly_once"),
            section="Exercise 3: roll call",
            checks=_calling(),
            cross_play=scenarios.roll_call,
            own_play=scenarios.own(_CALLS, scenarios.ROLL_CALL),
            self_contained=True,
            teaches=_TEACHES_RECEIVING,
        ),
    ),
)
