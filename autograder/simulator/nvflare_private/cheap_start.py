"""Saves CPU time that NVFlare spends in every process of a run, for what no run needs or what can be done once.

Nothing here changes what an executor or a controller does, nor what stands in a party's ``log.json``.
"""

import importlib
import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from logging import LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from socketserver import TCPServer
from types import SimpleNamespace
from typing import Any

from nvflare.apis.fl_constant import WorkspaceConstants
from nvflare.apis.shareable import Shareable
from nvflare.fuel.f3 import communicator
from nvflare.fuel.f3.cellnet import connector_manager
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.drivers.tcp_driver import TcpDriver, TcpStreamServer
from nvflare.fuel.f3.stats_pool import CounterPool, HistPool
from nvflare.fuel.f3.streaming import blob_streamer, byte_receiver, byte_streamer
from nvflare.fuel.f3.streaming.byte_receiver import RxTask
from nvflare.fuel.f3.streaming.byte_streamer import ReliableRetryScheduler, TxTask
from nvflare.fuel.utils import log_utils
from nvflare.fuel.utils.fobs import dumps, fobs, loads
from nvflare.private.fed.client.client_json_config import ClientJsonConfigurator
from nvflare.private.fed.server.server_json_config import ServerJsonConfigurator
from nvflare.private.fed.utils import fed_utils

from autograder.simulator.nvflare_private import fewer_threads, lazy_debug_texts

_IMPORTED_LATER = (
    "importlib.resources",
    "numpy",
    "nvflare.app_common.decomposers.numpy_decomposers",
    "nvflare.app_common.executors.client_api_executor",
    "nvflare.app_common.widgets.convert_to_fed_event",
)
_CHUNK = 3 << 15
"""Bytes of a message that travel at once, of which NVFlare has ten times as many by default. Few messages have more.

Memory of this size is taken from what was used before; a third more is fetched anew from the kernel each time. With
64 KiB or less NVFlare would warn at each message that too many parts of one can be on their way. To let fewer be on
their way is no way out: where messages have faults, none of a message's parts passes before all of them are there.
"""
_BETWEEN_LOOKS = 1.0
"""Seconds between two looks for what has to be sent again."""
_LOG_FILE = "jsonFileHandler"
_HANDLERS = ("consoleHandler", _LOG_FILE)
"""NVFlare's names for what writes to the console, of which a flood is flagged, and to ``log.json``."""


def prepare() -> None:
    """Do in this process what NVFlare would do in each of those that are forked from it."""
    for module in _IMPORTED_LATER:
        importlib.import_module(module)
    fed_utils.nvflare_fobs_initialize()
    fobs._register_decomposers()
    loads(dumps(Shareable({"": [{}]})))  # which finds out, once for each type, how to make an empty one
    _compile_patterns()
    JsonLine()  # which compiles the pattern by which it reads its format
    speak_tcp_only()
    wait_for_listeners()
    keep_no_statistics()
    forget_streams_without_threads()
    look_for_retries_seldom()
    fewer_threads.install()
    lazy_debug_texts.install()
    use_small_buffers()


def _compile_patterns() -> None:
    """Let NVFlare compile the patterns by which it reads a configuration: it looks for them as it goes."""
    nowhere = SimpleNamespace(element=None, path=str)
    for configurator in (ClientJsonConfigurator, ServerJsonConfigurator):
        configurator.process_config_element(object.__new__(configurator), None, nowhere)


def speak_tcp_only() -> None:
    """Let NVFlare load the one transport that the simulator uses.

    It would import every transport it ships, gRPC's and aiohttp's libraries included, in each process: a third of the
    CPU time that a client needs to come up.
    """
    communicator.driver_mgr.register(TcpDriver)
    communicator.driver_loaded = True


def wait_for_listeners() -> None:
    """Let a cell that has started a listener go on as soon as that listens, where NVFlare sleeps half a second.

    It is not waited for any longer than that, so a listener that fails is treated as before.
    """
    events: dict[int, threading.Event] = {}
    started = threading.local()
    start = communicator.Communicator.start_listener

    def listening(port: int) -> threading.Event:
        return events.setdefault(port, threading.Event())  # one event, whoever asks first

    def activate(self: TcpStreamServer) -> None:
        TCPServer.server_activate(self)
        listening(self.server_address[1]).set()

    def start_listener(self: communicator.Communicator, scheme: str, resources: dict[str, Any]) -> tuple[Any, ...]:
        handle, url, parameters = start(self, scheme, resources)
        started.port = int(url.rpartition(":")[2])
        return handle, url, parameters

    TcpStreamServer.server_activate = activate
    communicator.Communicator.start_listener = start_listener
    connector_manager.time = SimpleNamespace(sleep=lambda seconds: listening(started.port).wait(seconds))


def keep_no_statistics() -> None:
    """Let NVFlare count none of its messages, as it does wherever they pass: only its admin's commands show that."""
    CoreCell._stats_category = lambda self, message: ""
    HistPool.record_value = CounterPool.increment = lambda self, *arguments, **named: None


def forget_streams_without_threads(clock: Callable[[], float] = time.monotonic) -> None:
    """Let a stream that has come to its end be forgotten when a later one does, if its time is up by then.

    NVFlare starts a thread for each message that comes, which waits a minute for that. Most runs are over before.
    """
    ended: deque[tuple[float, RxTask]] = deque()
    lock = threading.Lock()

    def schedule(self: RxTask, ttl: float | None = None) -> None:
        now = clock()
        with self.stop_lock:
            if self.cleanup_timer:
                return
            self.cleanup_timer = SimpleNamespace(cancel=lambda: None)
        with lock:
            ended.append((now + (self.completed_task_ttl if ttl is None else ttl), self))
            due = []
            while ended and ended[0][0] <= now:
                due.append(ended.popleft()[1])
        for task in due:
            task._remove_task()

    RxTask._schedule_remove_task = schedule


def look_for_retries_seldom() -> None:
    """Let NVFlare look every second which parts of replies were not acknowledged and have to be sent again.

    It looks whenever one is sent, acknowledged or done with, at all that are on their way, each in a thread of a pool.
    None is sent again before five seconds have passed.
    """

    def register(self: ReliableRetryScheduler, task: TxTask) -> None:
        with self.cv:
            if self.stopped:
                return
            self.tasks[task.sid] = task
            if not self.thread or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="stm_retry", daemon=True)
                self.thread.start()

    def unregister(self: ReliableRetryScheduler, task: TxTask) -> None:
        with self.cv:
            self.tasks.pop(task.sid, None)

    def look(self: ReliableRetryScheduler) -> None:
        while not self.stopped:
            with self.cv:
                self.cv.wait(_BETWEEN_LOOKS)
                tasks = list(self.tasks.values())
            for task in tasks:
                task.retry_task()

    ReliableRetryScheduler.register = register
    ReliableRetryScheduler.unregister = unregister
    ReliableRetryScheduler.wakeup = lambda self: None
    ReliableRetryScheduler._run = look


def use_small_buffers() -> None:
    """Let smaller parts of a message travel at once: NVFlare fills a new buffer of that size for each message.

    It is the default of NVFlare's setting ``streaming_chunk_size``, so that nothing of it stands in the environment.
    """
    for module in (blob_streamer, byte_receiver, byte_streamer):
        module.STREAM_CHUNK_SIZE = _CHUNK


class JsonLine(log_utils.JsonFormatter):  # type: ignore[misc]  # nvflare ships no types
    """Makes the line of ``log.json``. NVFlare's own makes a line of text beside it, and throws that away.

    Where that text cannot be made, since a record has a context and no identity, NVFlare loses the line.
    """

    def usesTime(self) -> bool:  # noqa: N802 - the name is Python's
        """Return that no text needs the time."""
        return False

    def formatMessage(self, record: LogRecord) -> str:  # noqa: N802 - the name is Python's
        """Return no text."""
        return ""


class LogFile(RotatingFileHandler):
    """Begins a new file when one is full. Python's own makes up each line twice, to know beforehand how long it is."""

    def shouldRollover(self, record: LogRecord) -> bool:  # noqa: N802 - the name is Python's
        """Return whether the file is full, whatever is to be written."""
        return bool(self.stream and os.fstat(self.stream.fileno()).st_size >= self.maxBytes)


def write_logging_config(folder: Path) -> None:
    """Write NVFlare's own logging configuration without the three files that repeat ``log.json``.

    The console repeats it in fewer words: nobody reads them there.
    """
    own = Path(str(log_utils.__file__)).with_name(WorkspaceConstants.LOGGING_CONFIG)
    config = json.loads(own.read_text())
    config["formatters"]["consoleFormatter"] = {"format": "%(asctime)s - %(message)s"}
    config["formatters"]["jsonFormatter"]["()"] = f"{__name__}.{JsonLine.__name__}"
    config["handlers"] = {name: config["handlers"][name] for name in _HANDLERS}
    config["handlers"][_LOG_FILE]["class"] = f"{__name__}.{LogFile.__name__}"
    config["loggers"]["root"]["handlers"] = list(_HANDLERS)
    Path(folder, str(WorkspaceConstants.LOGGING_CONFIG)).write_text(json.dumps(config))
