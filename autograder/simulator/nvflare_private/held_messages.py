"""Messages that the plan of faults holds until others have been answered."""

import threading
from collections.abc import Callable, Sequence

from nvflare.fuel.f3.message import Message

from autograder.simulator.network.faults import Fate, Way
from autograder.simulator.nvflare_private.message_control import Network, payload_of


class HeldMessages:
    """Holds messages and delivers each as soon as those that it waits for have been answered.

    Args:
        network: delivers them.
        allow: returns what so many seconds on an idle machine are on this one.
    """

    def __init__(self, network: Network, allow: Callable[[float], float]) -> None:
        self._network = network
        self._allow = allow
        self._lock = threading.Lock()
        self._answered: set[Way] = set()
        self._held: list[tuple[set[Way], Sequence[Message]]] = []

    def hold(self, fate: Fate, messages: Sequence[Message]) -> bool:
        """Hold a message until others are answered, or its time is up; return False if they are already."""
        for message in messages:
            message.payload = payload_of(message)
        with self._lock:
            held = (set(fate.after) - self._answered, messages)
            if not held[0]:
                return False
            self._held.append(held)
        timer = threading.Timer(self._allow(fate.held), self._let_go, [held])
        timer.daemon = True
        timer.start()
        return True

    def release(self, way: Way) -> None:
        """Deliver what was held until this message was answered."""
        with self._lock:
            self._answered.add(way)
            free = [held for held in self._held if held[0] <= self._answered]
        for held in free:
            self._let_go(held)

    def _let_go(self, held: tuple[set[Way], Sequence[Message]]) -> None:
        with self._lock:
            if held not in self._held:
                return
            self._held.remove(held)
        self._network.deliver(held[1])
