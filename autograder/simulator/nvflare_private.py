"""Every use of an NVFlare name that is not public API, each with the reason why.

Written against nvflare 2.9.0; ``tests/simulator/test_nvflare_private.py`` fails when a new version changes one of them.
Nothing here changes what an executor or a controller does: the patches are about ports, pauses, witnesses and what ends
a run.
"""

import io
import pickle
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nvflare.apis.fl_constant import WorkspaceConstants
from nvflare.fuel.f3.mpm import MainProcessMonitor
from nvflare.fuel.utils import log_utils
from nvflare.private.fed.app.deployer import simulator_deployer
from nvflare.private.fed.app.simulator import simulator_runner, simulator_worker
from nvflare.private.fed.client import client_runner
from nvflare.private.fed.server import server_runner

SHORT_PAUSE = 0.05
"""Seconds. Stands in for the fixed pauses of the simulator that are only there to poll."""


def choose_ports_without_listening() -> None:
    """Make the simulator choose its ports with ``bind`` and no ``listen``.

    ``get_open_ports`` listens on a socket, and a ``fork`` of another thread keeps that socket alive until ``exec``: the
    simulator then connects to it instead of the client's process, and the run never ends (up to 8 % of runs when
    several run at once).
    """
    simulator_runner.get_open_ports = _open_ports
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

    Each of them (`simulator_runner`, `simulator_worker`, `client_runner`) looks its ``time`` up in its own namespace,
    so student code that sleeps is not touched.
    """
    for module in (simulator_runner, simulator_worker, client_runner):
        module.time = SimpleNamespace(time=time.time, sleep=_short_sleep, monotonic=time.monotonic)


def _short_sleep(seconds: float) -> None:
    time.sleep(min(seconds, SHORT_PAUSE))


def receive_plain_values_only() -> None:
    """Let the simulator load only ``bool``, ``str`` and ``None`` from what a client's process sends.

    ``SimulatorClientRunner.do_one_task`` unpickles it, so code in a client's process could run code in the server's.
    """
    simulator_runner.Client = _PlainConnection


def go_on_after_any_result() -> None:
    """Let the server take every result, whatever its return code.

    NVFlare aborts the job at once when a site answers with ``TASK_UNKNOWN`` and a few other codes, and does so before
    the course's components see the result. The other sites would be cut off in the middle of their work, so what is
    seen of them would depend on the clock.
    """
    server_runner.ServerRunner.ABORT_RETURN_CODES = []


class _PlainConnection:
    """A connection to a client's process whose ``recv`` builds no object of any class."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._connection = connection.Client(address)

    def send(self, value: Any) -> None:
        self._connection.send(value)

    def recv(self) -> bool | str | None:
        value = _PlainUnpickler(io.BytesIO(self._connection.recv_bytes(maxlength=4096))).load()
        if not isinstance(value, (bool, str, type(None))):
            raise OSError(f"a client's process sent a {type(value).__name__}")
        return value


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        raise OSError(f"a client's process sent a pickle of {module_name}.{global_name}")


client_processes: dict[str, subprocess.Popen[bytes]] = {}
"""Site name to its process, for those that `start_clients_with` has started."""


def start_clients_with(command_for: Callable[[str, list[str]], list[str]], output_of: Callable[[str], Path]) -> None:
    """Start each client's process with the command that ``command_for(site, arguments)`` gives.

    The simulator builds the command line itself and offers no hook, so this stands in for ``subprocess`` there.

    Args:
        command_for: gets the site's name and the arguments of NVFlare's ``simulator_worker``, returns a whole command.
        output_of: gets the site's name, returns the file to which the process's stdout and stderr go.
    """

    def start(command: list[str], **_: Any) -> subprocess.Popen[bytes]:
        # The environment that the simulator passes is left out: it puts the server's whole path on the client's.
        arguments = command[command.index("-m") + 2 :]
        site = arguments[arguments.index("--client") + 1]
        with output_of(site).open("ab") as output:
            process = subprocess.Popen(
                command_for(site, arguments), stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        client_processes[site] = process
        return process

    simulator_runner.subprocess = SimpleNamespace(Popen=start, TimeoutExpired=subprocess.TimeoutExpired)


class _Runner(simulator_runner.SimulatorRunner):  # type: ignore[misc]  # nvflare ships no types
    """The simulator, with a hook between the server's start and the clients'."""

    before_clients: Callable[[], None]

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
    shutil.copy(Path(log_utils.__file__).with_name(WorkspaceConstants.LOGGING_CONFIG), local)
    runner = _Runner(job_folder=str(job), workspace=str(workspace), clients=",".join(clients), threads=len(clients))
    runner.before_clients = before_clients
    runner.simulator_run_main()


def run_client(arguments: list[str]) -> None:
    """Be a client's process, as NVFlare's ``simulator_worker`` is as a script, without its pause at the end."""
    sys.argv = [simulator_worker.__name__, *arguments]  # it takes its arguments from nowhere else
    args = simulator_worker.parse_arguments()
    MainProcessMonitor.run(main_func=simulator_worker.main, run_dir=args.workspace, args=args, shutdown_grace_time=0)
