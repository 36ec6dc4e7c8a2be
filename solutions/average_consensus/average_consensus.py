"""Model answers of the assignment ``average_consensus``, one part for each solution cell of the notebook.

The part ``notebook`` repeats what the notebook gives, so that this file can be read, checked and imported by itself.
Teachers may show the other parts once the assignment is closed. Nothing of this is ever shipped to students.
"""

# %% [notebook]
import threading
import time

from nvflare.apis.controller_spec import Task
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.event_type import EventType
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReservedKey, ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal


class PlainController(Controller):
    """A controller with nothing to prepare and nothing to clean up."""

    def start_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is about to begin."""

    def stop_controller(self, fl_ctx: FLContext) -> None:
        """Called once, when the workflow is over."""


# %% [exchange]
class ConsensusExecutor(Executor):
    """Averages a private number with the neighbours', iteration by iteration."""

    def __init__(self, initial_value: float) -> None:
        """Keep the number. What arrives is kept by sender and iteration, since a neighbour may be one ahead."""
        super().__init__()
        self.initial_value = initial_value  # under its own name, by which FedJob finds the argument
        self.value = initial_value
        self.weights: dict[str, float] = {}
        self.arrived: dict[tuple[str, int], float] = {}
        self.changed = threading.Condition()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler before any task comes: a neighbour may begin earlier than this site."""
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="send_value", message_handle_func=self.handle_value)

    def handle_value(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Keep a value, and wake up who waits for it."""
        sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
        data = from_shareable(request).data
        with self.changed:
            self.arrived[sender, data["iteration"]] = data["value"]
            self.changed.notify_all()
        return make_reply(ReturnCode.OK)

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Take the neighbours of ``config``, or average on ``run_algorithm``."""
        if task_name == "config":
            neighbors = from_shareable(shareable).data["neighbors"]
            self.weights = {neighbor["id"]: neighbor["weight"] for neighbor in neighbors}
            return make_reply(ReturnCode.OK)
        if task_name != "run_algorithm":
            return make_reply(ReturnCode.TASK_UNKNOWN)

        iterations = from_shareable(shareable).data["iterations"]
        for iteration in range(iterations):
            received = self.exchange(iteration, fl_ctx)
            if len(received) < len(self.weights):
                return make_reply(ReturnCode.EXECUTION_EXCEPTION)
            own_weight = 1 - sum(self.weights.values())
            self.value = own_weight * self.value + sum(w * received[name] for name, w in self.weights.items())
        self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.value}")
        return make_reply(ReturnCode.OK)

    def exchange(self, iteration: int, fl_ctx: FLContext, wait: float = 15.0) -> dict[str, float]:
        """Send the own value to all neighbours, and return theirs of the same iteration that came in time."""
        until = time.monotonic() + wait
        message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.value, "iteration": iteration})
        # One call for all: they are asked at the same time, and a slow one does not hold up the others.
        fl_ctx.get_engine().send_aux_request(
            targets=list(self.weights), topic="send_value", request=message.to_shareable(), timeout=wait, fl_ctx=fl_ctx
        )
        with self.changed:
            self.changed.wait_for(
                lambda: all((name, iteration) in self.arrived for name in self.weights), until - time.monotonic()
            )
            return {name: self.arrived[name, iteration] for name in self.weights if (name, iteration) in self.arrived}


# %% [metropolis]
class ConsensusController(PlainController):
    """Tells each site its neighbours and their Metropolis weights, then starts all sites at once.

    Args:
        graph: each site's neighbours.
        iterations: how often the sites average.
    """

    def __init__(self, graph: dict[str, list[str]], iterations: int) -> None:
        super().__init__()
        self.graph = graph
        self.iterations = iterations

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Two steps, and a bound on each wait."""
        configs = []
        for site, neighbors in self.graph.items():
            data = {"neighbors": [{"id": other, "weight": self.weight(site, other)} for other in neighbors]}
            task = Task(name="config", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=60)
            self.send(task=task, targets=[site], fl_ctx=fl_ctx)
            configs.append(task)
        while any(task.completion_status is None for task in configs) and not abort_signal.triggered:
            time.sleep(0.1)

        data = {"iterations": self.iterations}
        run = Task(name="run_algorithm", data=DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=300)
        self.broadcast_and_wait(
            task=run, targets=list(self.graph), min_responses=0, fl_ctx=fl_ctx, abort_signal=abort_signal
        )

    def weight(self, site: str, other: str) -> float:
        """Return the weight that two neighbours give each other: the same at both, and small where one has many."""
        return 1 / (1 + max(len(self.graph[site]), len(self.graph[other])))


# %% [survive]
class RobustExecutor(ConsensusExecutor):
    """Averages as before, and goes on without neighbours that fall silent.

    Args:
        initial_value: the private number.
        patience: seconds after which a neighbour that has not delivered is lost.
    """

    def __init__(self, initial_value: float, patience: float) -> None:
        super().__init__(initial_value)
        self.number = initial_value
        self.patience = patience
        self.told: dict[str, float] = {}
        self.came: dict[tuple[str, int], float] = {}
        self.came_in = threading.Condition()

    def handle_event(self, event_type: str, fl_ctx: FLContext) -> None:
        """Register the handler. It is written out, so that this part does not rest on how exercise 1 was solved."""
        if event_type == EventType.START_RUN:
            engine = fl_ctx.get_engine()
            engine.register_aux_message_handler(topic="send_value", message_handle_func=self.take)

    def take(self, topic: str, request: Shareable, fl_ctx: FLContext) -> Shareable:
        """Keep a value, and wake up who waits for it."""
        data = from_shareable(request).data
        with self.came_in:
            self.came[request.get_peer_prop(ReservedKey.IDENTITY_NAME, None), data["iteration"]] = data["value"]
            self.came_in.notify_all()
        return make_reply(ReturnCode.OK)

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """Do the two tasks, with fewer neighbours as time goes by."""
        if task_name == "config":
            self.told = {one["id"]: one["weight"] for one in from_shareable(shareable).data["neighbors"]}
            return make_reply(ReturnCode.OK)
        if task_name != "run_algorithm":
            return make_reply(ReturnCode.TASK_UNKNOWN)

        iterations = from_shareable(shareable).data["iterations"]
        for iteration in range(iterations):
            received = self.swap(iteration, fl_ctx)
            for name in [name for name in self.told if name not in received]:
                self.log_info(fl_ctx, f"Lost {name} at iteration {iteration}")
                del self.told[name]
            # What the lost ones had is the site's own now, since its own weight is what is left to 1.
            own_weight = 1 - sum(self.told.values())
            self.number = own_weight * self.number + sum(w * received[name] for name, w in self.told.items())
        self.log_info(fl_ctx, f"Consensus after {iterations} iterations: {self.number}")
        return make_reply(ReturnCode.OK)

    def swap(self, iteration: int, fl_ctx: FLContext) -> dict[str, float]:
        """Send the own value to the neighbours that are left, and return what came of them within the patience."""
        until = time.monotonic() + self.patience
        if self.told:
            message = DXO(data_kind=DataKind.WEIGHTS, data={"value": self.number, "iteration": iteration})
            # Waiting for replies is part of the patience, not added to it: neighbours wait at the same time.
            fl_ctx.get_engine().send_aux_request(
                targets=list(self.told),
                topic="send_value",
                request=message.to_shareable(),
                timeout=self.patience,
                fl_ctx=fl_ctx,
            )
        with self.came_in:
            self.came_in.wait_for(
                lambda: all((name, iteration) in self.came for name in self.told), max(0.0, until - time.monotonic())
            )
            return {name: self.came[name, iteration] for name in self.told if (name, iteration) in self.came}
