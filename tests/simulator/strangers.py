"""Executors for tests that leave things behind, look for what others have left, or do not want to end."""

from autograder.simulator.scenario import Part, Scenario
from tests.simulator.parts import EXECUTOR, SITES, scenario

SECRET = "secret of a run: 0123456789"
"""What ``Leaving`` knows and leaves wherever it can. The text by which ``Seeking`` looks for it is another one."""

STUBBORN = (
    EXECUTOR
    + """
import signal

STAY = '''
import os, signal, sys, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
held = [open(path, "ab") for path in ("/tmp/held", "held", "/dev/shm/held")]
print("STAYS", flush=True)
os.write(int(sys.argv[1]), b"!")
while True:
    time.sleep(1)
'''

class Stubborn(Quiet):
    def talk(self, fl_ctx):
        there, tell = os.pipe()
        os.set_inheritable(tell, True)
        for _ in range(3):
            if not os.fork():
                os.setsid()
                if not os.fork():
                    os.execv(sys.executable, [sys.executable, "-c", STAY, str(tell)])
                os._exit(0)
        for _ in range(3):
            os.read(there, 1)
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            try:
                signal.signal(number, signal.SIG_IGN)
            except (ValueError, OSError):
                pass

import sys
"""
)

LEAVING = (
    EXECUTOR
    + """
import ctypes, socket

class Leaving(Quiet):
    def talk(self, fl_ctx):
        secret = SECRET
        for path in ("/tmp/left", "left", "/dev/shm/left"):
            try:
                open(path, "w").write(secret)
            except OSError:
                pass
        libc = ctypes.CDLL(None)
        libc.msgget(0x3211, 0o1666)
        libc.shmget(0x3211, 4096, 0o1666)
        Leaving.kept = [socket.socket(socket.AF_UNIX) for _ in "x"]
        Leaving.kept[0].bind("\\0left-" + fl_ctx.get_identity_name())
        Leaving.kept[0].listen()
"""
)

SEEKING = (
    EXECUTOR
    + """
import ctypes, json, re, socket
from pathlib import Path

SECRET = re.compile(rb"secret of a run: [0-9]+")

def memory():
    for line in open("/proc/self/maps"):
        if match := re.match(r"(\\w+)-(\\w+) r", line):
            start, end = (int(word, 16) for word in match.groups())
            try:
                with open("/proc/self/mem", "rb", 0) as file:
                    file.seek(start)
                    yield file.read(end - start) or b""
            except (OSError, ValueError, OverflowError):
                pass

class Seeking(Quiet):
    def talk(self, fl_ctx):
        libc = ctypes.CDLL(None)
        seen = {"memory": [found.decode() for part in memory() for found in SECRET.findall(part)]}
        seen["files"] = [str(path) for top in ("/tmp", "/dev/shm", "/grading")
                         for path in Path(top).rglob("*") if path.name == "left" or path.name == "runs"]
        seen["runs"] = len([path for path in Path("/grading/run").rglob("*.out")])
        seen["queue"], seen["shared"] = libc.msgget(0x3211, 0), libc.shmget(0x3211, 4096, 0)
        seen["sockets"] = [line for line in open("/proc/net/unix") if "left-" in line]
        seen["processes"] = sum(name.isdigit() for name in os.listdir("/proc"))
        print("SEEN " + json.dumps(seen), flush=True)
"""
)


def all_sites(class_name: str, *, students: bool) -> Scenario:
    """Three sites that run one of the executors above, as students' parties or as the course's."""
    source = {"Stubborn": STUBBORN, "Leaving": f"SECRET = {SECRET!r}\n{LEAVING}", "Seeking": SEEKING}[class_name]
    executors = dict.fromkeys(SITES, Part("executors", class_name, {"executors": source}))
    return Scenario("test", scenario("Quiet").controller, executors, frozenset(SITES if students else ()), ())
