"""What a run saves of NVFlare's start. Its names are no public API: a new version may have others."""

import inspect
import json
import logging.config
import socket
import threading
import time
from pathlib import Path

import pytest
from nvflare.apis.utils.decomposers import flare_decomposers
from nvflare.fuel.f3 import communicator
from nvflare.fuel.f3.cellnet import connector_manager
from nvflare.fuel.f3.communicator import Communicator
from nvflare.fuel.f3.drivers.tcp_driver import TcpDriver
from nvflare.fuel.f3.endpoint import Endpoint
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner

from autograder.simulator.nvflare_private import cheap_start
from tests.services.nothing_lost.forked import in_fork


def test_transports_are_loaded_where_the_patch_reaches() -> None:
    source = inspect.getsource(communicator)

    assert source.count("load_comm_drivers()") == 3
    assert set(TcpDriver.supported_transports()) == {"tcp", "stcp"}
    assert '"tcp"' in inspect.getsource(simulator_deployer) or "tcp" in inspect.getsource(simulator_runner)


def test_types_are_registered_before_a_fork_and_no_thread_is_started_by_that() -> None:
    def registered() -> str:
        before = threading.active_count()
        cheap_start.prepare()
        return json.dumps([flare_decomposers.register.registered, threading.active_count() - before])

    assert json.loads(in_fork(registered)) == [True, 0]


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


def test_log_json_is_what_it_was_and_nothing_else_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = json.loads(cheap_start.write_logging_config(tmp_path).read_text())

    def logged() -> str:
        logging.config.dictConfig(config)
        logging.getLogger("P2PExecutor").info("Hello")
        logging.getLogger("P2PExecutor").debug("not told")
        return ""

    in_fork(logged)
    (line,) = (tmp_path / "log.json").read_text().splitlines()
    assert json.loads(line)["message"] == "Hello"
    assert {path.name for path in tmp_path.iterdir()} == {"log.json", "log_config.json"}
