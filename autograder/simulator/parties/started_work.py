"""Threads and jobs of pools that a component has started in this process, and whether they still do anything.

Whose a thread is, is decided when it is started, by the code that starts it: neither its name nor what it runs tells.
NVFlare's own threads, those of its pools included, belong to nobody here.
"""

import selectors
import sys
import sysconfig
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import thread as pools
from functools import wraps
from types import CodeType, FrameType
from typing import Any

from autograder.simulator.awaited_replies import awaits_reply

_FRAMEWORKS = ("nvflare.", "autograder.")
_LIBRARIES = (*(sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")), "<frozen ")
_MARK = "_is_of_a_component"


class StartedWork:
    """The threads and jobs that components have started in one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = 0
        self._queued: list[Future[Any]] = []

    def install(self) -> None:
        """Note from now on which threads and jobs of pools are started by whom, in this process."""
        threading.Thread.start = self._noting_start(threading.Thread.start)  # type: ignore[method-assign]
        ThreadPoolExecutor.submit = self._noting_job(ThreadPoolExecutor.submit)  # type: ignore[method-assign]

    def count(self) -> int:
        """Return how many threads of components have something left to do, now or after a while.

        A thread that waits for another one without a time limit has not: unless a thread that is counted, or a message,
        wakes it up, it waits for ever. One that waits for a reply goes on by itself.
        """
        started = self._started
        frames = sys._current_frames()  # first, so that what a thread starts before it ends is among the threads
        threads = {thread.ident or 0: thread for thread in threading.enumerate()}
        with self._lock:
            self._queued = [job for job in self._queued if not (job.running() or job.done())]
            queued = bool(self._queued)
        looks = [(threads.get(ident), frames.get(ident)) for ident in frames.keys() | threads.keys()]
        busy = sum(
            _is_components(thread, frame) and (awaits_reply(thread) or not _rests(frame, queued=queued))
            for thread, frame in looks
        )
        return max(busy, self._started - started)

    def _noting_start(self, start: Callable[..., None]) -> Callable[..., None]:
        @wraps(start)
        def noted(thread: threading.Thread) -> None:
            if _is_called_by_a_component(sys._getframe(1)):
                vars(thread)[_MARK] = True
                self._note()
            start(thread)

        return noted

    def _noting_job(self, submit: Callable[..., Future[Any]]) -> Callable[..., Future[Any]]:
        @wraps(submit)
        def noted(pool: ThreadPoolExecutor, /, *args: Any, **kwargs: Any) -> Future[Any]:
            job = submit(pool, *args, **kwargs)
            if _is_called_by_a_component(sys._getframe(1)):
                self._note(job)
            return job

        return noted

    def _note(self, *jobs: Future[Any]) -> None:
        with self._lock:
            self._started += 1
            self._queued += jobs


def _is_called_by_a_component(frame: FrameType | None) -> bool:
    """Return whether a component called, and not NVFlare: whichever is nearer, as libraries call for somebody else."""
    while frame:
        if (component := _of_a_component(frame)) is not None:
            return component
        frame = frame.f_back
    return False


def _of_a_component(frame: FrameType) -> bool | None:
    """Return whether code is a component's; False for NVFlare's and the course's, None for that of a library."""
    if frame.f_globals is globals():  # what it wraps is somebody else's
        return None
    if str(frame.f_globals.get("__name__")).startswith(_FRAMEWORKS):
        return False
    return None if frame.f_code.co_filename.startswith(_LIBRARIES) else True


def _is_components(thread: threading.Thread | None, frame: FrameType | None) -> bool:
    if thread and not isinstance(thread, threading._DummyThread):
        return _MARK in vars(thread)
    while frame and frame.f_back:  # it was not started by `threading.Thread`, so where it begins has to tell
        frame = frame.f_back
    return frame is not None and _of_a_component(frame) is True


def _rests(frame: FrameType | None, *, queued: bool) -> bool:
    """Return whether a thread waits until somebody wakes it up, however long, and nobody has done so yet.

    A thread that is awake, but has not got its turn yet, looks as if it still waited. So each kind of waiting has its
    own sign that tells the two apart.

    Args:
        queued: whether a job waits for its thread.
    """
    if frame is None or (still_waits := _WAITING.get(frame.f_code)) is None:
        return False
    try:
        return still_waits(frame.f_locals) if frame.f_code is not _IDLE else not queued
    except Exception:  # it goes on while it is looked at
        return False


def _waits_for_a_notice(local: Mapping[str, Any]) -> bool:
    return local["timeout"] is None and local["waiter"] in local["self"]._waiters


def _waits_for_the_end_of_a_thread(local: Mapping[str, Any]) -> bool:
    return local.get("block", True) and local["timeout"] in (None, -1) and local["self"].is_alive()


def _waits_for_an_event_of_a_file(local: Mapping[str, Any]) -> bool:
    """Return whether nothing has come yet; an event loop without anything to do waits like this, too."""
    timeout = local["timeout"]
    return (timeout is None or timeout < 0) and not local["self"].select(0)


def _code_of(function: Any) -> CodeType:
    code: CodeType = function.__code__
    return code


_IDLE = _code_of(pools._worker)
"""Where a thread of a pool is while it waits for a job."""

_SELECTORS = ("SelectSelector", "PollSelector", "EpollSelector")

_WAITING: dict[CodeType, Callable[[Mapping[str, Any]], bool]] = {
    _IDLE: lambda _: True,
    _code_of(threading.Condition.wait): _waits_for_a_notice,
    _code_of(getattr(threading.Thread, "_wait_for_tstate_lock", threading.Thread.join)): _waits_for_the_end_of_a_thread,
    **{
        _code_of(getattr(selectors, name).select): _waits_for_an_event_of_a_file
        for name in _SELECTORS
        if hasattr(selectors, name)
    },
}
"""The innermost function of a thread that waits, with what tells that it still does."""
