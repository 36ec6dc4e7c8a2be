"""Every use of an NVFlare name that is not public API, each with the reason why.

Written against nvflare 2.9.0; when a new version changes one of them,
``tests/unit/simulator/nvflare_private/test_launcher.py`` fails. Nothing here changes what an executor or a controller
does: the patches are about ports, pauses, witnesses and what ends a run.
"""

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nvflare.apis.client import Client
from nvflare.apis.fl_constant import JobConstants, RunnerTask, WorkspaceConstants
from nvflare.apis.impl import wf_comm_server
from nvflare.apis.job_def import JobMetaKey
from nvflare.fuel.f3.cellnet import cell
from nvflare.fuel.f3.cellnet.core_cell import CoreCell
from nvflare.fuel.f3.mpm import MainProcessMonitor
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner, simulator_worker
from nvflare.private.fed.client import client_runner
from nvflare.private.fed.server import server_runner
from nvflare.private.fed.simulator.simulator_const import SimulatorConstants

from autograder.simulator.nvflare_private import cheap_start
from autograder.simulator.nvflare_private.json_connection import JsonConnection
from autograder.simulator.nvflare_private.topics import SERVER_IDENTITY
from autograder.simulator.time_scale import between_looks

SHORT_PAUSE = 0.05
"""Seconds. Stands in for the fixed pauses of the simulator that are only there to poll."""
_LONGEST_PAUSE = 0.25
"""The same, for a client that has looked in vain for long."""

_DECOMPOSERS = str(None)
"""The name that the server gives its clients as the module with further decomposers when none is configured."""


def choose_ports_without_listening() -> None:
    """Make the simulator choose the server's ports with ``bind`` and no ``listen``.

    ``get_open_ports`` listens on a socket, and a ``fork`` of another thread keeps that socket alive until ``exec``:
    somebody then connects to it instead of to whom it should be, and the run never ends.
    """
    simulator_deployer.get_open_ports = _open_ports


def _open_ports(number: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(number)]
    try:
        for sock in sockets:
            sock.bind(("localhost", 0))
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


def shorten_pauses() -> None:
    """Shorten the fixed pauses of the modules that start a run and poll for its tasks.

    Each of them looks its ``time`` up in its own namespace, so student code that sleeps is not touched.
    """
    pauses = _Pauses()
    process = client_runner.ClientRunner._process_task

    def processed(runner: client_runner.ClientRunner, *arguments: Any) -> Any:
        result = process(runner, *arguments)
        pauses.begin()
        return result

    client_runner.ClientRunner._process_task = processed
    for module, sleep in (
        (simulator_runner, _short_sleep),
        (client_runner, _short_sleep),
        (simulator_worker, pauses),
        (wf_comm_server, _short_sleep),
    ):
        module.time = SimpleNamespace(time=time.time, sleep=sleep, monotonic=time.monotonic)


def _short_sleep(seconds: float) -> None:
    time.sleep(min(seconds, SHORT_PAUSE))


class _Pauses:
    """The pauses of a client between two looks for a task. The longer there has been none, the longer they are.

    A look takes milliseconds of CPU time, half of them the server's, and whoever waits for a slow site has many.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin with short ones: there was a task, so there may be another one."""
        self._since = time.monotonic()

    def __call__(self, seconds: float) -> None:
        idle = time.monotonic() - self._since
        time.sleep(min(seconds, between_looks(idle, SHORT_PAUSE, _LONGEST_PAUSE)))


def go_on_after_any_result() -> None:
    """Let the server take every result, whatever its return code.

    NVFlare aborts the job at once when a site answers with ``TASK_UNKNOWN`` and a few other codes, and does so before
    the course's components see the result. The other sites would be cut off in the middle of their work, so what is
    seen of them would depend on the clock. A result that cannot be decoded ends the server's whole process, unless
    that takes itself for something else than a server.
    """
    server_runner.ServerRunner.ABORT_RETURN_CODES = []
    cell._is_server_job_cell = lambda info: False


def when_cell_starts(site: str, then: Callable[[CoreCell], None]) -> None:
    """Call something with the cell of this process's site just before it starts, so before any message passes it."""
    start = CoreCell.start

    def started(self: CoreCell) -> None:
        if self.my_info.fqcn == f"{site}.{SimulatorConstants.JOB_NAME}":
            then(self)
        start(self)

    CoreCell.start = started


class ClientProcess:
    """A client's process as the simulator sees it: the supervisor starts and ends it, and tells here that it ended.

    Attributes:
        died: whether a fault of the scenario has ended it, or is about to.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.died = False
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status of the process, or None."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the status as `poll` does: whoever supervises the run waits for its processes."""
        return self.returncode

    def terminate(self) -> None:
        """Do nothing: whoever supervises the run ends its processes, all at once."""

    kill = terminate


def start_clients_with(
    start: Callable[[str, str, str], ClientProcess], connection_to: Callable[[str], JsonConnection]
) -> None:
    """Let somebody else start the clients' processes, and reach them through connections that are there already.

    The simulator builds a command line itself, finds a free port and connects to the process there; whoever else
    listened at that port would be taken for the client. It offers no hook, so this stands in for what it calls.

    Args:
        start: gets the site's name, its token and the URL of the server's root cell.
        connection_to: gets the site's name.
    """
    site_of_port: dict[int, str] = {}
    numbers = itertools.count(1)

    def popen(command: list[str], **_: Any) -> ClientProcess:
        def argument(name: str) -> str:
            return command[command.index(name) + 1]

        site = argument("--client")
        site_of_port[int(argument("--port"))] = site
        return start(site, argument("--token"), argument("--root_url"))

    # No process listens at these "ports"; they only tell the simulator's threads apart.
    simulator_runner.get_open_ports = lambda count: [next(numbers) for _ in range(count)]
    simulator_runner.Client = lambda address: connection_to(site_of_port[address[1]])
    simulator_runner.subprocess = SimpleNamespace(Popen=popen, TimeoutExpired=subprocess.TimeoutExpired)


class _Runner(simulator_runner.SimulatorRunner):  # type: ignore[misc]  # nvflare ships no types
    """The simulator, with a hook between the server's start and the clients'. Clients lay out their apps themselves."""

    before_clients: Callable[[], None]
    client_names: list[str]

    def _deploy_apps(self, *arguments: Any) -> None:
        names, self.client_names = self.client_names, []
        super()._deploy_apps(*arguments)
        self.client_names = names
        for name in names:  # without these folders NVFlare starts no client
            for folder in (WorkspaceConstants.STARTUP_FOLDER_NAME, WorkspaceConstants.SITE_FOLDER_NAME):
                Path(self.simulator_root, name, folder).mkdir(parents=True)

    def create_clients(self) -> None:
        self.before_clients()
        super().create_clients()


def run_server(job: Path, workspace: Path, clients: list[str], before_clients: Callable[[], None]) -> None:
    """Run a job's server in this process and start its clients. Returns when the job has ended.

    ``SimulatorRunner.run`` would start one more process and wait 3 s at its end; ``simulator_run_main`` does the work.
    Its status proves nothing (it is 0 for an executor that raises or never sends), so it is not returned.

    Args:
        job: the job's folder.
        workspace: where the simulator works; must not exist or be empty, and its path must hold no spaces.
        clients: the sites' names. Each gets a thread of its own; a site without one is swapped out and hears nothing.
        before_clients: called once when the server's root cell is up and no client is.
    """
    # The simulator hands the path of its logging configuration on in command lines that break at spaces, unless the
    # workspace has one.
    local = workspace / "local"
    local.mkdir(parents=True)
    cheap_start.write_logging_config(local)
    runner = _Runner(job_folder=str(job), workspace=str(workspace), clients=",".join(clients), threads=len(clients))
    runner.before_clients = before_clients
    runner.simulator_run_main()


def run_client(
    site: str, sites: Sequence[str], workspace: Path, job: Path, token: str, root_url: str, connection: Connection
) -> None:
    """Be a client's process, as NVFlare's ``simulator_worker`` is as a script, without its pause at the end.

    The site's app is laid out here and not by the server.

    Args:
        sites: the names of all sites.
        workspace: the simulator's workspace, of which this site has a folder.
        job: the folder with the site's app and the job's meta data.
        token: what the server gave the site.
        root_url: where the server's root cell listens.
        connection: to the simulator in the server's process.
    """
    run_folder = workspace / site / SimulatorConstants.JOB_NAME
    shutil.copytree(job, run_folder)
    meta = json.loads((run_folder / WorkspaceConstants.JOB_META_FILE).read_text())
    meta[JobMetaKey.JOB_CLIENTS.value] = [Client(name, "").to_dict() for name in sites]
    (run_folder / WorkspaceConstants.JOB_META_FILE).write_text(json.dumps(meta))
    own = str(workspace / site)
    receiving = JsonConnection(connection, first=_what_a_client_is(site, sites, own, root_url))
    simulator_worker.Listener = lambda address: SimpleNamespace(accept=lambda: receiving)
    cheap_start.write_logging_config(workspace / site)
    args = _arguments_of_a_client(site, workspace, token, root_url)
    sys.argv = [simulator_worker.__name__]
    MainProcessMonitor.run(main_func=simulator_worker.main, run_dir=args.workspace, args=args, shutdown_grace_time=0)


def _arguments_of_a_client(site: str, workspace: Path, token: str, root_url: str) -> Namespace:
    """Return what the worker's parser of arguments would return, which takes a fiftieth of a client's CPU time."""
    return Namespace(
        workspace=str(workspace / site),
        logging_config=str(workspace / site / WorkspaceConstants.LOGGING_CONFIG),
        client=site,
        token=token,
        port="0",
        gpu=None,
        parent_pid=os.getpid(),  # whoever started this process ends it; nothing has to be watched
        simulator_root=str(workspace),
        root_url=root_url,
        parent_url=None,
        task_name=RunnerTask.TASK_EXEC,
        decomposer_module=_DECOMPOSERS,
    )


def _what_a_client_is(site: str, sites: Sequence[str], workspace: str, root_url: str) -> dict[str, Any]:
    """Return what an honest server tells a client to be, as `SimulatorDeployer` makes it.

    It is made here, since the server may be a student's: it could let a client load any component. Besides, the
    simulator's threads, one for each client, write the client's name into one and the same dictionary before they send
    it, so that now and then a client is told another one's name.
    """
    target = root_url.rpartition("/")[2]
    server = {"name": SERVER_IDENTITY, "service": {"target": target, "scheme": "tcp"}}
    client = {"retry_timeout": 30, "compression": "Gzip", "client_name": site}
    deployment = Namespace(
        workspace=workspace,
        clients=",".join(sites),
        threads=len(sites),
        gpu=None,
        log_config=None,
        max_clients=100,
        set=[],
        config_folder="config",
        job_id=SimulatorConstants.JOB_NAME,
        client_config=f"config/{JobConstants.CLIENT_JOB_CONFIG}",
        env="config/environment.json",
        end_run_for_all=False,
        sp_target=target,
        sp_scheme="tcp",
    )
    build = {
        "client_name": site,
        "server_config": [server],
        "client_config": client,
        "server_host": None,
        "secure_train": False,
        "enable_byoc": True,
        "client_components": {},
        "client_handlers": None,
    }
    return {
        SimulatorConstants.CLIENT_CONFIG: {"servers": [server], "client": client},
        SimulatorConstants.DEPLOY_ARGS: deployment,
        SimulatorConstants.BUILD_CTX: build,
    }
