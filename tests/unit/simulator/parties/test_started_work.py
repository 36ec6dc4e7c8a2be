"""Threads of components that do something: whose they are, and whether anything can still come of them."""

import _thread
import asyncio
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from autograder.simulator.awaited_replies import awaiting_reply
from autograder.simulator.parties.started_work import StartedWork

_ENDING = 10.0
"""Seconds after which a test gives up."""


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> StartedWork:
    monkeypatch.setattr(threading.Thread, "start", threading.Thread.start)
    monkeypatch.setattr(ThreadPoolExecutor, "submit", ThreadPoolExecutor.submit)
    work = StartedWork()
    work.install()
    return work


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What threads wait for that go on at the end of a test."""
    gate = threading.Event()
    yield gate
    gate.set()


def busy_until(gate: threading.Event) -> None:
    while not gate.wait(0.01):
        pass


def becomes(work: StartedWork, count: int) -> bool:
    end = time.monotonic() + _ENDING
    while (now := work.count()) != count and time.monotonic() < end:
        time.sleep(0.01)
    return now == count


def by_a_thread(gate: threading.Event) -> None:
    threading.Thread(target=busy_until, args=(gate,)).start()


def by_a_timer(gate: threading.Event) -> None:
    threading.Timer(0.1, busy_until, (gate,)).start()


def by_a_pool(gate: threading.Event) -> None:
    ThreadPoolExecutor(1).submit(busy_until, gate)


def by_a_loop(gate: threading.Event) -> None:
    async def wait() -> None:
        while not gate.is_set():
            await asyncio.sleep(0.01)

    threading.Thread(target=lambda: asyncio.run(wait())).start()


def by_a_thread_of_a_thread(gate: threading.Event) -> None:
    threading.Thread(target=by_a_thread, args=(gate,)).start()


@pytest.mark.parametrize("start", [by_a_thread, by_a_timer, by_a_pool, by_a_loop, by_a_thread_of_a_thread])
def test_what_a_component_starts_counts_at_once_and_until_it_ends(
    work: StartedWork, gate: threading.Event, start: Callable[[threading.Event], None]
) -> None:
    start(gate)
    assert work.count() and becomes(work, 1)
    gate.set()
    assert becomes(work, 0)


def test_a_thread_counts_that_python_started_without_its_own_module(work: StartedWork, gate: threading.Event) -> None:
    _thread.start_new_thread(busy_until, (gate,))
    assert becomes(work, 1)
    gate.set()
    assert becomes(work, 0)


@pytest.mark.parametrize("start", [by_a_thread, by_a_timer, by_a_pool])
def test_what_nvflare_starts_counts_for_nobody(
    work: StartedWork, gate: threading.Event, start: Callable[[threading.Event], None]
) -> None:
    nvflares = ModuleType("nvflare.some.module")
    vars(nvflares).update(threading=threading, ThreadPoolExecutor=ThreadPoolExecutor, busy_until=busy_until, gate=gate)
    bodies: dict[Callable[[threading.Event], None], str] = {
        by_a_thread: "threading.Thread(target=busy_until, args=(gate,)).start()",
        by_a_timer: "threading.Timer(0.1, busy_until, (gate,)).start()",
        by_a_pool: "ThreadPoolExecutor(1).submit(busy_until, gate)",
    }
    exec(f"def called_by_a_component():\n    {bodies[start]}", vars(nvflares))
    before = set(threading.enumerate())
    nvflares.called_by_a_component()

    assert set(threading.enumerate()) - before and work.count() == 0


def for_a_notice(gate: threading.Event) -> None:
    threading.Thread(target=gate.wait, daemon=True).start()


def for_an_item(gate: threading.Event) -> None:
    items: queue.Queue[int] = queue.Queue()
    threading.Thread(target=items.get, daemon=True).start()


def for_a_job(gate: threading.Event) -> None:
    ThreadPoolExecutor(1).submit(int).result()


def for_a_thread(gate: threading.Event) -> None:
    waiting = threading.Thread(target=gate.wait, daemon=True)
    waiting.start()
    threading.Thread(target=waiting.join, daemon=True).start()


def for_a_call(gate: threading.Event) -> None:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()


@pytest.mark.parametrize("wait", [for_a_notice, for_an_item, for_a_job, for_a_thread, for_a_call])
def test_who_waits_for_ever_does_not_count(
    work: StartedWork, gate: threading.Event, wait: Callable[[threading.Event], None]
) -> None:
    wait(gate)
    assert becomes(work, 0)


@pytest.mark.parametrize("waker", ["thread", "pool", "loop"])
def test_whoever_is_woken_up_counts_from_then_on(work: StartedWork, waker: str) -> None:
    """Nothing gets lost in between, however the threads take turns: a chain of wakings is never seen to be at rest."""
    done, pool, loop = threading.Event(), ThreadPoolExecutor(1), asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    pool.submit(int).result()
    left = 400

    def step_after(woken: threading.Event) -> None:
        woken.wait()
        step()

    def step() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()
        elif waker == "thread":
            woken = threading.Event()
            threading.Thread(target=step_after, args=(woken,)).start()
            woken.set()
        elif waker == "pool":
            pool.submit(step)
        else:
            loop.call_soon_threadsafe(lambda: threading.Thread(target=step).start())

    threading.Thread(target=step).start()
    early = 0
    while not done.is_set():
        early += work.count() == 0 and not done.is_set()
    loop.call_soon_threadsafe(loop.stop)
    pool.shutdown()
    assert not early


def test_whoever_waits_for_a_reply_goes_on_by_itself(work: StartedWork, gate: threading.Event) -> None:
    def ask() -> None:
        with awaiting_reply():
            with awaiting_reply():
                pass
            gate.wait()
        gate.clear()
        gate.wait()

    threading.Thread(target=ask).start()
    assert becomes(work, 1)
    time.sleep(0.1)
    assert work.count() == 1
    gate.set()
    assert becomes(work, 0), "it rests then as any other that waits for a notice"
