"""A container as services have it: root inside, no user namespaces, no network, and no more packages than needed."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path

from autograder.package.contents import REQUIREMENTS
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap
from autograder.simulator.sandbox.outer import libraries
from tests.tools.course_folder import PATIENCE


def environment_with(contents: Path, folder: Path) -> Path:
    """An environment with the packages of an autograder's requirements only. Return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    for pin in (contents / REQUIREMENTS).read_text().split():
        found = distribution(pin.partition("==")[0])
        for top in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(found.locate_file(top))))
    return folder / "bin" / "python"


def run(
    command: Sequence[str], shown: Mapping[Path, str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command in a container.

    Args:
        shown: folders of this machine by which the container's are filled, and where they are there.
    """
    bubblewrap = find_bubblewrap().path
    assert bubblewrap
    arguments = [bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "0", "--gid", "0"]
    arguments += ["--die-with-parent", "--clearenv", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    own = {path: path for path in ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", *_interpreter())}
    for here, there in own.items():
        arguments += ["--ro-bind-try", here, there]
    for folder, place in shown.items():
        arguments += ["--bind", str(folder), place]
    for name, value in {"PATH": os.defpath, **environment}.items():
        arguments += ["--setenv", name, value]
    return subprocess.run([*arguments, "--", *command], capture_output=True, text=True, timeout=PATIENCE, check=False)


def _interpreter() -> list[str]:
    """The interpreter and the packages that an environment's links lead to, which are not to be copied."""
    return sorted({sys.base_prefix, str(Path(sys.prefix).resolve()), *libraries(sys.executable)})
