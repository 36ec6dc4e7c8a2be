"""What the kernel holds and counts for no process, in a network and a file system where nobody else is."""

import subprocess
import sys

import pytest

from autograder.simulator.processes.kernel_memory import NOT_WORTH_A_LOOK, waiting_in
from autograder.simulator.sandbox.bubblewrap import find_bubblewrap
from tests.tools import needs

pytestmark = needs.SANDBOX

SENT = 100_000
BEGIN = """
import os
import socket
import struct
from pathlib import Path
from autograder.simulator.processes.kernel_memory import held
sender, receiver = socket.socketpair()
mount = os.open("/mnt", os.O_RDONLY)
before = held([mount])
"""
CONNECTIONS = 2 * NOT_WORTH_A_LOOK // SENT
TCP = f"""
senders, receivers = [], []
with socket.create_server(("127.0.0.1", 0)) as server:
    for _ in range({CONNECTIONS}):
        senders.append(socket.create_connection(server.getsockname()))
        receivers.append(server.accept())
"""
UNIX = "senders = [sender]\n"
FILL = f"for sender in senders: sender.sendall(bytes({SENT}))\n"
CLOSE = "for sender in senders: sender.close()\n"
ASK_THE_KERNEL = """
kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
for number in range(150):  # for all interfaces
    kernel.send(struct.pack("=IHHIIB3x", 20, 18, 0x301, number, 0, 0))
"""
FILES = "for number in range(2000): Path(f'/mnt/{number}').touch()\n"


def grown(script: str) -> int:
    """By how many bytes what is held grows by a script."""
    path = find_bubblewrap().path
    assert path
    command = [path, "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--unshare-net", "--unshare-pid"]
    command += ["--proc", "/proc", "--tmpfs", "/mnt", "--", sys.executable, "-c"]
    told = f"{BEGIN}{script}print(held([mount]) - before)"
    done = subprocess.run([*command, told], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_queue_of_which_more_was_acknowledged_than_sent_is_empty() -> None:
    """As it is told now and then of a socket in use, and was taken for 4 GiB."""
    line = "   0: 0100007F:1F90 0100007F:C350 01 {}:00000005 00:00000000 00000000  0  0 1 1"
    table = "\n".join(["  sl  local_address rem_address", line.format("00000010"), line.format("FFFFFF9C")])
    assert waiting_in(table) == 0x10 + 2 * 0x05


def test_nothing_is_held_for_sockets_in_which_nothing_waits() -> None:
    assert grown(TCP) == 0


@pytest.mark.parametrize("closed", ["", CLOSE], ids=["open", "closed by its sender"])
@pytest.mark.parametrize(("kind", "sockets"), [(UNIX, 1), (TCP, CONNECTIONS)], ids=["unix", "tcp"])
def test_what_nobody_receives_is_held(kind: str, sockets: int, closed: str) -> None:
    assert sockets * SENT <= grown(f"{kind}{FILL}{closed}") < 3 * sockets * SENT


def test_answers_of_the_kernel_that_nobody_reads_are_held() -> None:
    assert grown(ASK_THE_KERNEL) > SENT


def test_files_without_content_take_memory_as_well() -> None:
    assert grown(FILES) == 2000 << 10
