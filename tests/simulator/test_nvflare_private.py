"""The names of NVFlare 2.9.0 that are no public API. A failure here means: read the new version before going on."""

import inspect
import pickle
import threading
from importlib.metadata import version
from multiprocessing.connection import Listener

import pytest
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.private.aux_runner import AuxRunner
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner, simulator_worker
from nvflare.private.fed.client import client_runner
from nvflare.private.fed.server import server_runner

from autograder.simulator import nvflare_private


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert version("nvflare") == "2.9.0"


def test_ports_are_chosen_where_the_patch_reaches() -> None:
    assert "get_open_ports(1)" in inspect.getsource(simulator_runner.SimulatorClientRunner.do_one_task)
    assert "get_open_ports(1)" in inspect.getsource(simulator_deployer.SimulatorDeployer.__init__)


def test_ports_are_distinct_and_free() -> None:
    ports = nvflare_private._open_ports(5)

    assert len(set(ports)) == 5
    for port in ports:
        Listener(("localhost", port)).close()


@pytest.mark.parametrize("module", [simulator_runner, simulator_worker, client_runner])
def test_pauses_are_taken_from_the_modules_own_time(module: object) -> None:
    source = inspect.getsource(module)  # type: ignore[arg-type]
    uses = {word for word in ("time.time", "time.sleep", "time.monotonic", "time.perf_counter") if word in source}

    assert "import time\n" in source
    assert uses <= {"time.time", "time.sleep", "time.monotonic"}


def test_the_simulator_reads_plain_values_from_its_clients() -> None:
    source = inspect.getsource(simulator_runner.SimulatorClientRunner)

    assert source.count("conn.recv()") == 2
    assert "conn = Client(address)" in source


def test_the_clients_command_is_built_as_the_patch_expects() -> None:
    source = inspect.getsource(simulator_runner.SimulatorClientRunner.do_one_task)

    assert '" -m nvflare.private.fed.app.simulator.simulator_worker' in source
    assert "subprocess.Popen(shlex.split(command" in source
    assert callable(simulator_worker.parse_arguments) and callable(simulator_worker.main)


def test_the_hook_before_the_clients_is_called_by_the_simulator() -> None:
    assert "self.create_clients()" in inspect.getsource(simulator_runner.SimulatorRunner.simulator_run_main)


def test_the_witness_and_the_counters_have_their_places() -> None:
    assert "self.message_interceptor" in inspect.getsource(CoreCell._process_received_msg)
    assert list(inspect.signature(AuxRunner.dispatch).parameters) == ["self", "topic", "request", "fl_ctx"]
    assert list(inspect.signature(AuxRunner.send_aux_request).parameters)[1:4] == ["targets", "topic", "request"]
    assert list(inspect.signature(AuxRunner.multicast_aux_requests).parameters)[1:4] == [
        "topic",
        "target_requests",
        "timeout",
    ]


def test_a_result_ends_the_run_by_its_return_code_where_the_patch_reaches() -> None:
    assert "if rc in self.ABORT_RETURN_CODES" in inspect.getsource(server_runner.ServerRunner._process_submission)
    assert server_runner.ServerRunner.ABORT_RETURN_CODES


class Trap:
    """Would run code in whoever unpickles it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("caught",)


@pytest.mark.parametrize(("sent", "received"), [(True, True), (None, None), ("site-1", "site-1")])
def test_a_plain_value_comes_through(sent: object, received: object) -> None:
    assert _through_a_connection(sent) == received


@pytest.mark.parametrize("sent", [Trap(), [1], {"a": 1}, 3.5])
def test_anything_else_is_refused(sent: object) -> None:
    with pytest.raises((OSError, pickle.UnpicklingError)):
        _through_a_connection(sent)


def _through_a_connection(value: object) -> object:
    with Listener(("localhost", 0)) as listener:

        def answer() -> None:
            with listener.accept() as connection:
                connection.send(value)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            return nvflare_private._PlainConnection(listener.address).recv()  # type: ignore[arg-type]
        finally:
            thread.join()
