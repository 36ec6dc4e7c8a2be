"""The assignment ``average_consensus``: three exercises, in which sites compute their average with no server.

Its parts are `graphs`, `protocol` (what follows from what was seen), `losses` (who was rightly given up on),
`expected_values`, `scenarios`, the checks, and `parties`, the course's own controller and clients.
"""

from autograder.assignments.average_consensus import charts, checks, ideas, metropolis_checks, scenarios
from autograder.rubric.model import Assignment, Check, Exercise

_EXCHANGE_STUB = """
class ConsensusExecutor(Executor):
    def __init__(self, initial_value: float) -> None:
        raise NotImplementedError()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        raise NotImplementedError()

    def execute(
        self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal
    ) -> Shareable:
        raise NotImplementedError()
"""


def _exchange_checks() -> tuple[Check, ...]:
    return (
        checks.sent_each("every_neighbor", "In each iteration every neighbour gets your site's value", 1),
        checks.nothing_more("nobody_else", "Each gets it once, and nobody else gets anything", 1),
        checks.values("values", "Each value follows from what your site received, within 1e-9", 1),
        checks.result(
            "result", "The log has the result, within 0.001; tasks and messages are answered with OK", 1, replies=True
        ),
    )


def _metropolis_checks() -> tuple[Check, ...]:
    return (
        metropolis_checks.neighbors("neighbors", "Each site is told its neighbours, once", 1),
        metropolis_checks.weights("weights", "Their weights are the Metropolis weights, within 1e-9", 1),
        metropolis_checks.order(
            "order",
            "No site is started before all have their neighbours; all are waited for, with a bound",
            1,
        ),
        metropolis_checks.start("start", "All sites are started at once, with the number of iterations", 1),
    )


def _survive_checks() -> tuple[Check, ...]:
    return (
        checks.lost(
            "lost", "Each lost neighbour is logged, once, with its iteration, when patience is over and no later", 1
        ),
        checks.nothing_more("nothing_more", "A lost neighbour is sent nothing more, and nobody gets anything twice", 1),
        checks.values("values", "Each value follows from what your site received, within 1e-9", 1),
        checks.result("result", "The log has the result, within 0.001, and both tasks are answered with OK", 1),
    )


ASSIGNMENT = Assignment(
    name="average_consensus",
    title="Average consensus",
    given=("imports", "plain_controller"),
    given_classes=("PlainController",),
    exercises=(
        Exercise(
            name="exchange",
            title="1 Exchange",
            check_cell="test_exchange",
            classes=(scenarios.EXECUTOR,),
            needs=(),
            section="Exercise 1: exchange",
            checks=_exchange_checks(),
            cross_play=scenarios.exchange,
            own_play=scenarios.own_exchange,
            self_contained=True,
            stub=_EXCHANGE_STUB,
            teaches=ideas.TEACHES,
            chart=charts.values,
        ),
        Exercise(
            name="metropolis",
            title="2 Weights",
            check_cell="test_metropolis",
            classes=(scenarios.CONTROLLER,),
            needs=(),
            section="Exercise 2: weights",
            checks=_metropolis_checks(),
            cross_play=scenarios.metropolis,
            own_play=scenarios.own_metropolis,
            self_contained=True,
            teaches=ideas.TEACHES,
            chart=charts.values,
        ),
        Exercise(
            name="survive",
            title="3 Survive",
            check_cell="test_survive",
            classes=(scenarios.ROBUST,),
            needs=("exchange",),
            section="Exercise 3: survive",
            checks=_survive_checks(),
            cross_play=scenarios.survive,
            own_play=scenarios.own_survive,
            self_contained=True,
            teaches=ideas.TEACHES,
            chart=charts.values,
        ),
    ),
    limits={"exercise": 60, "cpu": 20},
)
