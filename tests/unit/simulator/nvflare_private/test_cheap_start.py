"""What a run saves of NVFlare's start. Its names are no public API: a new version may have others."""

import contextlib
import inspect
import json
import logging.config
import socket
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from nvflare.apis.utils.decomposers import flare_decomposers
from nvflare.fuel.f3 import communicator
from nvflare.fuel.f3.cellnet import connector_manager
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.communicator import Communicator
from nvflare.fuel.f3.drivers.tcp_driver import TcpDriver
from nvflare.fuel.f3.endpoint import Endpoint
from nvflare.fuel.f3.message import Message
from nvflare.fuel.f3.stats_pool import CounterPool, HistPool
from nvflare.fuel.f3.streaming import blob_streamer, byte_receiver, byte_streamer
from nvflare.fuel.f3.streaming.byte_receiver import RxTask
from nvflare.fuel.f3.streaming.byte_streamer import ReliableRetryScheduler, TxTask
from nvflare.fuel.f3.streaming.stream_const import StreamHeaderKey
from nvflare.fuel.f3.streaming.stream_types import Stream
from nvflare.fuel.utils import log_utils
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner

from autograder.evidence.logs import read_printed
from autograder.simulator.nvflare_private import cheap_start
from tests.services.nothing_lost.forked import in_fork


def test_transports_are_loaded_where_the_patch_reaches() -> None:
    source = inspect.getsource(communicator)

    assert source.count("if not driver_loaded:\n            load_comm_drivers()") == 2
    assert set(TcpDriver.supported_transports()) == {"tcp", "stcp"}
    assert '"tcp"' in inspect.getsource(simulator_deployer) or "tcp" in inspect.getsource(simulator_runner)


def test_types_are_registered_before_a_fork_and_no_thread_is_started_by_that() -> None:
    def registered() -> str:
        before = threading.active_count()
        cheap_start.prepare()
        return json.dumps([flare_decomposers.register.registered, threading.active_count() - before])

    assert json.loads(in_fork(registered)) == [True, 0]


def test_nothing_is_counted_where_the_patch_reaches() -> None:
    assert "_stats_category" in vars(CoreCell)
    assert "record_value" in vars(HistPool) and "increment" in vars(CounterPool)


@pytest.mark.parametrize("module", [blob_streamer, byte_receiver, byte_streamer])
def test_the_size_of_a_buffer_is_read_where_the_patch_reaches(module: ModuleType) -> None:
    assert "get_streaming_chunk_size(STREAM_CHUNK_SIZE)" in inspect.getsource(module)


@pytest.mark.parametrize("receives_first", [True, False])
def test_nvflare_warns_of_no_size(receives_first: bool, caplog: pytest.LogCaptureFixture) -> None:
    def warned() -> str:
        cheap_start.use_small_buffers()
        if receives_first:
            stream(0)
        wire, size = _Wire(threading.Event()), byte_streamer.STREAM_CHUNK_SIZE
        TxTask(wire, size, "channel", "topic", "site-1", {}, _Text(b"text"), True, False, False).send_loop()
        (message,) = wire.sent
        receiver = RxTask.find_or_create_task(message, wire)
        receiver.process_chunk(message)
        return json.dumps([receiver.chunk_size, receiver.window_size, caplog.messages])

    assert json.loads(in_fork(warned)) == [cheap_start._CHUNK, 64 << 20, []]


def test_whoever_starts_a_listener_goes_on_when_it_listens() -> None:
    def connected() -> str:
        cheap_start.speak_tcp_only()
        cheap_start.wait_for_listeners()
        cell = Communicator(Endpoint("cell"))
        cell.start()
        _, url, _ = cell.start_listener("tcp", {"secure": False})
        began = time.monotonic()
        connector_manager.time.sleep(30)
        took = time.monotonic() - began
        with socket.create_connection(("localhost", int(url.rpartition(":")[2]))):
            return str(took < 30)

    assert inspect.getsource(connector_manager).count("time.") == 1
    assert in_fork(connected) == "True"


def test_a_stream_is_forgotten_when_a_later_one_ends_after_its_time_and_no_thread_waits_for_that() -> None:
    def left() -> str:
        now, threads = [0.0], threading.active_count()
        cheap_start.forget_streams_without_threads(lambda: now[0])
        found, kept = [], stream(0).completed_task_ttl
        for number, now[0] in enumerate([0.0, 1.0, kept - 0.1, kept, kept + 1.5]):
            stream(number).stop()
            found.append(sorted(each for _, each in RxTask.rx_task_map))
        return json.dumps([found, threading.active_count() - threads])

    assert json.loads(in_fork(left)) == [[[0], [0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4]], 0]


def stream(number: int) -> RxTask:
    """A stream of which the first part has come."""
    headers = {StreamHeaderKey.STREAM_ID: number, StreamHeaderKey.RELIABLE: True}
    return RxTask.find_or_create_task(Message(headers), None)


def test_log_json_is_what_it_was_and_nothing_else_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cheap_start.write_logging_config(tmp_path)
    config = json.loads((tmp_path / "log_config.json").read_text())

    def logged() -> str:
        with open("console", "w") as console, contextlib.redirect_stdout(console):
            logging.config.dictConfig(config)
            logging.getLogger("P2PExecutor").info("Hello")
            logging.getLogger("P2PExecutor").debug("not told")
        return ""

    in_fork(logged)
    (line,) = (tmp_path / "log.json").read_text().splitlines()
    assert json.loads(line)["message"] == "Hello"
    assert {path.name for path in tmp_path.iterdir()} == {"console", "log.json", "log_config.json"}
    assert "Hello" in (tmp_path / "console").read_text()
    assert not read_printed(tmp_path / "console")


@pytest.mark.parametrize(
    ("text", "arguments", "more"),
    [
        ("Hello", (), {}),
        ("Hello %s, %d", ("Zoë", 3), {}),
        ("[identity=site-1, run=simulate_job]: got it", (), {}),
        ("[no context]: got it", (), {}),
        ("an exception", (), {"exc_info": (ValueError, ValueError("no"), None)}),
        ("extra", (), {"extra": {"fl_ctx": "[identity=x]", "fullName": "a.b", "identity": "x"}}),
        ({"not": "text"}, (), {"stack_info": True}),
    ],
)
def test_a_line_of_the_log_is_nvflares(text: object, arguments: tuple[object, ...], more: dict[str, Any]) -> None:
    logger = logging.Logger("nvflare.private.ClientRunner")
    logger.addHandler(kept := Kept())
    logger.info(text, *arguments, **more)

    (record,) = kept.records
    assert cheap_start.JsonLine().format(record) == log_utils.JsonFormatter().format(record)


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def test_a_log_begins_a_new_file_when_one_is_full_and_makes_up_each_line_once(tmp_path: Path) -> None:
    made = []

    class Formatter(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            made.append(super().format(record))
            return made[-1]

    log = cheap_start.LogFile(tmp_path / "log.json", maxBytes=100, backupCount=10)
    log.setFormatter(Formatter("%(message)s"))
    for number in range(5):
        log.emit(logging.makeLogRecord({"msg": f"{number}".ljust(49, ".")}))
    log.close()

    lines = [path.read_text().splitlines() for path in sorted(tmp_path.iterdir(), reverse=True)]
    assert [line for file in lines for line in file] == made
    assert [len(file) for file in lines] == [2, 2, 1]


def test_a_part_that_nobody_acknowledges_is_sent_again_and_no_more_once_somebody_does() -> None:
    def sent_again() -> str:
        cheap_start.look_for_retries_seldom()
        byte_streamer.STREAM_RETRY_WAIT = 0.01
        sent = threading.Event()
        task = TxTask(_Wire(sent), 100, "channel", "topic", "site-1", {}, _Text(b"text"), True, False, False)
        task.send_loop()
        sent.clear()
        again = sent.wait(60)
        threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("stm_retry")]
        task.handle_ack(Message({StreamHeaderKey.OFFSET: 4, StreamHeaderKey.SEQUENCE: 0}))
        return json.dumps([again, threads, task.stopped, len(byte_streamer.reliable_retry_scheduler.tasks)])

    assert json.loads(in_fork(sent_again)) == [True, ["stm_retry"], True, 0]


def test_nothing_is_sent_again_before_it_is_looked_for() -> None:
    assert byte_streamer.STREAM_RETRY_WAIT >= 5 * cheap_start._BETWEEN_LOOKS
    assert {"register", "unregister", "wakeup", "shutdown", "_run"} <= vars(ReliableRetryScheduler).keys()


class _Wire:
    """Stands for a cell, of which a sender knows no more."""

    def __init__(self, is_sent: threading.Event) -> None:
        self.sent: list[Message] = []
        self._is_sent = is_sent

    def fire_and_forget(
        self, _channel: str, _topic: str, _targets: str, message: Message, **_: object
    ) -> dict[str, str]:
        self.sent.append(message)
        self._is_sent.set()
        return {}


class _Text(Stream):
    """A stream of some bytes."""

    def __init__(self, text: bytes) -> None:
        super().__init__(len(text))
        self._left = text

    def read(self, size: int) -> bytes:
        text, self._left = self._left[:size], self._left[size:]
        return text
