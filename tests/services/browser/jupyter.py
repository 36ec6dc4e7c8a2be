"""A real JupyterLab server for tests: in a folder of its own, with a token, and without anything of the user's."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.tools.course_folder import PATIENCE
from tests.tools.of_runs import of_runs

_SECONDS_TO_END = 20
_SETTINGS = {
    # Nobody is asked whether to get news, and nothing is looked up in the network.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # All cells are in the page, also those that are out of sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
}
_NBGRADER = """
c = get_config()
c.Exchange.root = {exchange!r}  # nbgrader would make one for the whole machine
c.Execute.timeout = {seconds}  # of a cell in Validate; others may keep the machine busy
"""


@dataclass(frozen=True)
class Lab:
    """A server at work.

    Attributes:
        root: the folder that it shows.
        address: where it answers, with a slash in the end.
        token: lets a browser in.
        process: the server; its kernels are its children.
    """

    root: Path
    address: str
    token: str
    process: psutil.Process

    def url(self, path: str) -> str:
        """The address of a page, such as ``lab``, with the token."""
        return f"{self.address}{path}?token={self.token}"

    def started(self) -> list[psutil.Process]:
        """What the server has started and has not ended: kernels, and what they started, but for one that may wait."""
        return [process for process in of_runs(self.process) if _is_alive(process)]


@contextlib.contextmanager
def jupyter_lab(root: Path, own: Path) -> Iterator[Lab]:
    """A JupyterLab that shows the folder ``root``; it is stopped with everything that it has started.

    Args:
        root: a course folder, or a student's.
        own: a folder for what Jupyter keeps: settings, runtime files, and the log ``jupyter.log``.

    Raises:
        RuntimeError: when it does not start; the message holds the end of its log.
    """
    token = secrets.token_hex(16)
    _write_settings(own)
    options = ["--no-browser", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    options += [f"--ServerApp.root_dir={root}", *(["--allow-root"] if os.geteuid() == 0 else [])]
    log = own / "jupyter.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=root,
            env=_environment(own),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Lab(root, _address(server, own / "runtime", log), token, psutil.Process(server.pid))
    finally:
        _stop(server)


def _environment(own: Path) -> dict[str, str]:
    """This process's environment, without what it says of Jupyter, and with another home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    # nbgrader calls programs that stand beside the interpreter, as they do for whoever has activated its environment.
    programs = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    own_folders = {
        "HOME": "home",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    return kept | {"PATH": programs} | {name: str(own / folder) for name, folder in own_folders.items()}


def _write_settings(own: Path) -> None:
    for name in ("home", "runtime", "config", "exchange"):
        (own / name).mkdir(parents=True, exist_ok=True)
    nbgrader = _NBGRADER.format(exchange=str(own / "exchange"), seconds=PATIENCE)
    (own / "config" / "nbgrader_config.py").write_text(nbgrader, encoding="utf-8")
    for name, values in _SETTINGS.items():
        file = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")


def _address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """The server's address, which it writes down as soon as it listens, at a port that was free."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half of it
            told = json.loads((runtime / f"jpserver-{server.pid}.json").read_text(encoding="utf-8"))
            return f"http://127.0.0.1:{told['port']}{told['base_url']}"
        time.sleep(0.05)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, which ends its kernels; then whatever is left of what it has started."""
    with contextlib.suppress(psutil.NoSuchProcess):
        started = psutil.Process(server.pid).children(recursive=True)
        server.terminate()
        _, left = psutil.wait_procs([psutil.Process(server.pid), *started], timeout=_SECONDS_TO_END)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
    server.wait()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
