"""The names of NVFlare 2.9.0 that are no public API. A failure here means: read the new version before going on."""

import inspect
from importlib.metadata import version
from multiprocessing.connection import Listener
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from nvflare.apis.impl import wf_comm_server
from nvflare.fuel.f3.cellnet import cell
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.private.aux_runner import AuxRunner
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner, simulator_worker
from nvflare.private.fed.client import client_run_manager, client_runner
from nvflare.private.fed.server import server_runner
from nvflare.private.fed.utils import fed_utils

from autograder.simulator.nvflare_private import launcher


def test_the_version_is_the_one_that_was_looked_at() -> None:
    assert version("nvflare") == "2.9.0"


def test_ports_are_chosen_where_the_patch_reaches() -> None:
    assert "get_open_ports(1)" in inspect.getsource(simulator_deployer.SimulatorDeployer.__init__)


def test_ports_are_distinct_and_free() -> None:
    ports = launcher._open_ports(5)

    assert len(set(ports)) == 5
    for port in ports:
        Listener(("localhost", port)).close()


@pytest.mark.parametrize("module", [simulator_runner, simulator_worker, client_runner, wf_comm_server])
def test_pauses_are_taken_from_the_modules_own_time(module: ModuleType) -> None:
    source = inspect.getsource(module)
    uses = {word for word in ("time.time", "time.sleep", "time.monotonic", "time.perf_counter") if word in source}

    assert "import time\n" in source
    assert uses <= {"time.time", "time.sleep", "time.monotonic"}


def test_the_simulator_starts_its_clients_where_the_patch_reaches() -> None:
    task = inspect.getsource(simulator_runner.SimulatorClientRunner.do_one_task)

    assert "open_port = get_open_ports(1)[0]" in task
    assert "process = subprocess.Popen(shlex.split(command" in task
    assert all(f'" --{name} "' in task for name in ("client", "token", "port", "root_url"))
    assert "conn = Client(address)" in inspect.getsource(simulator_runner.SimulatorClientRunner._create_connection)
    assert inspect.getsource(simulator_runner).count("get_open_ports(") == 1


def test_the_simulator_lays_out_apps_where_the_patch_reaches() -> None:
    runner = simulator_runner.SimulatorRunner

    assert "self._deploy_apps(" in inspect.getsource(runner.setup)
    assert "p == SiteType.SERVER or p in self.client_names" in inspect.getsource(runner._deploy_apps)
    assert "Workspace(root_dir=client_workspace" in inspect.getsource(simulator_runner.SimulatorClientRunner)


def test_the_simulator_reads_two_plain_values_from_its_clients() -> None:
    assert inspect.getsource(simulator_runner.SimulatorClientRunner).count("conn.recv()") == 2


def test_a_client_listens_for_the_simulator_where_the_patch_reaches() -> None:
    assert "listener = Listener(address)" in inspect.getsource(simulator_worker._create_connection)
    assert inspect.getsource(simulator_worker).count("conn.recv()") == 2
    assert callable(simulator_worker.main)


def test_a_client_is_what_an_honest_server_would_have_told_it_to_be() -> None:
    own = launcher._what_a_client_is("site-1", ("site-0", "site-1"), "/w/site-1", "tcp://localhost:1234")

    assert own["build_ctx"]["client_name"] == own["client_config"]["client"]["client_name"] == "site-1"
    assert own["deploy_args"].workspace == "/w/site-1"
    assert own["deploy_args"].client_config == "config/config_fed_client.json"
    assert own["client_config"]["servers"][0]["service"]["target"] == "localhost:1234"
    task = inspect.getsource(simulator_runner.SimulatorClientRunner.do_one_task)
    assert all(f"SimulatorConstants.{key}:" in task for key in ("CLIENT_CONFIG", "DEPLOY_ARGS", "BUILD_CTX"))
    worker = inspect.getsource(simulator_worker.ClientTaskWorker.run)
    assert worker.count("= data[SimulatorConstants.") == len(own) == 3


def test_a_client_reads_its_jobs_sites_from_the_meta_data_that_is_written_for_it() -> None:
    assert "JobMetaKey.JOB_CLIENTS" in inspect.getsource(client_run_manager.ClientRunManager.get_job_clients)
    assert "meta[JobMetaKey.JOB_CLIENTS] = [c.to_dict() for c in job_clients]" in inspect.getsource(simulator_runner)
    assert fed_utils.get_simulator_app_root("root", "site-0") == "root/site-0/simulate_job/app_site-0"


def test_a_witness_can_be_there_when_a_cell_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(CoreCell, "start", lambda self: started.append("cell"))
    launcher.when_cell_starts("site-1", lambda cell: started.append(cell.my_info.fqcn))
    for name in ("site-1.simulate_job", "site-2.simulate_job"):
        CoreCell.start(SimpleNamespace(my_info=SimpleNamespace(fqcn=name)))

    assert started == ["site-1.simulate_job", "cell", "cell"]


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
    source = inspect.getsource(cell)
    assert source.count("os._exit(") == source.count("_is_server_job_cell(") - source.count("def _is_server_job_cell(")


def test_a_client_gets_all_that_the_parser_of_its_arguments_would_return(monkeypatch: pytest.MonkeyPatch) -> None:
    given = launcher._arguments_of_a_client("site-1", Path("workspace"), "token", "tcp://localhost:1")
    words = [word for name, value in vars(given).items() if value is not None for word in (f"--{name}", str(value))]
    monkeypatch.setattr("sys.argv", ["worker", *words])

    assert vars(simulator_worker.parse_arguments()) == vars(given)
