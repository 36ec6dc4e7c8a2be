"""Noting what a student's code tries beyond its task, for an instructor to look at. It changes no points.

Python tells its audit hooks of every file that is opened, every connection and every process. What comes from NVFlare
or the standard library on its own behalf is passed over: the innermost frame that is not the standard library's
decides. Code that leaves Python behind is not seen; what that can reach is the sandbox's matter.
"""

import os
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

FILES = "files"
NETWORK = "network"
PROCESSES = "processes"

_KINDS = {
    "open": FILES,
    "os.listdir": FILES,
    "os.scandir": FILES,
    "os.chdir": FILES,
    "os.chmod": FILES,
    "os.link": FILES,
    "os.mkdir": FILES,
    "os.remove": FILES,
    "os.rename": FILES,
    "os.rmdir": FILES,
    "os.symlink": FILES,
    "os.truncate": FILES,
    "os.utime": FILES,
    "glob.glob": FILES,
    "shutil.rmtree": FILES,
    "shutil.copyfile": FILES,
    "sqlite3.connect": FILES,
    "socket.bind": NETWORK,
    "socket.connect": NETWORK,
    "socket.getaddrinfo": NETWORK,
    "socket.gethostbyname": NETWORK,
    "socket.sendto": NETWORK,
    "os.exec": PROCESSES,
    "os.fork": PROCESSES,
    "os.forkpty": PROCESSES,
    "os.kill": PROCESSES,
    "os.killpg": PROCESSES,
    "os.posix_spawn": PROCESSES,
    "os.spawn": PROCESSES,
    "os.system": PROCESSES,
    "pty.spawn": PROCESSES,
    "signal.pthread_kill": PROCESSES,
    "subprocess.Popen": PROCESSES,
    "ctypes.dlopen": PROCESSES,
}
_OWN_PLACES = ("/grading", "/tmp", "/dev/null", "/dev/urandom", "/etc/localtime", "/usr/share/zoneinfo")
_MOST_OF_A_KIND = 10
_LONGEST = 200

Write = Callable[..., None]


def install(custom: Path, write: Write) -> None:
    """Note from now on what code from a folder tries in this process, which cannot take the hook away again.

    Args:
        custom: the folder of the student's modules.
        write: writes a journal entry; gets the kind ``tried``, with ``what`` and ``detail``.
    """
    student = str(custom) + os.sep
    library = tuple(sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib"))
    packages = (*{sysconfig.get_path(name) + os.sep for name in ("purelib", "platlib")}, "/grading/library/")
    allowed = (*_OWN_PLACES, sys.prefix, sys.base_prefix)
    told: Counter[str] = Counter()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        kind = _KINDS.get(event)
        if kind is None or told[kind] >= _MOST_OF_A_KIND:
            return
        if not _is_of(student, library, packages, sys._getframe(1)):
            return
        target = _target(arguments)
        if kind == FILES and (isinstance(target, int) or _is_below(target, allowed)):
            return
        told[kind] += 1
        write("tried", what=kind, detail=f"{event} {target!r}"[:_LONGEST])

    sys.addaudithook(hook)


def _is_of(student: str, library: tuple[str, ...], packages: tuple[str, ...], frame: FrameType | None) -> bool:
    """Return whether code below ``student`` makes a call, by its innermost frame outside the library."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(student):
            return True
        passed_over = name.startswith("<") or (name.startswith(library) and not name.startswith(packages))
        if not passed_over:
            return False
        frame = frame.f_back
    return False


def _target(arguments: tuple[Any, ...]) -> Any:
    """Return what an event is about, such as a path, a command or an address; only built-in types are read."""
    plain = [value for value in arguments if type(value) in (str, bytes, int, tuple, list)]
    first = plain[0] if plain else ""
    return os.fsdecode(first) if isinstance(first, bytes) else first


def _is_below(path: Any, places: tuple[str, ...]) -> bool:
    if not isinstance(path, str):
        return True
    # Not resolved: that would follow links, and call the audit again.
    absolute = os.path.normpath(Path("/grading/run", path))
    return any(absolute == place or absolute.startswith(f"{place}{os.sep}") for place in places)
