"""Memory that the kernel holds for a run and counts for no process: what waits in sockets, and files in memory."""

import os
import re
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

OF_A_FILE = 1 << 10
"""Bytes that a file in memory takes besides what is in it."""

_WITH_QUEUES = ("tcp", "tcp6", "udp", "udp6")
"""In ``/proc/net`` lists of sockets with ``sent:received`` bytes that wait, in hexadecimal, in the fifth column."""
_BY_PROTOCOL = Path("/proc/net/sockstat")
"""Says how many pages of memory all sockets of a protocol have, those of other network namespaces as well."""
_PAGES = re.compile(r"^(?:TCP|UDP):.* mem (\d+)$", re.MULTILINE)
_PAGE = os.sysconf("SC_PAGE_SIZE")
NOT_WORTH_A_LOOK = 8 << 20
"""Bytes that internet sockets may hold before it is looked which of them do."""
_QUEUES = 4
_BELOW_NOTHING = 1 << 31
"""What was sent and not acknowledged is the difference of two counters that are read one after the other. When more is
acknowledged in between, it is below nothing, which the kernel writes as a number of this size."""
_OF_THE_KERNEL = Path("/proc/net/netlink")
"""Lists sockets to the kernel with the bytes that wait in each direction, in the fifth and the sixth column."""

_SOCKETS_OF_THE_KERNEL = 4  # NETLINK_SOCK_DIAG, by which ``ss`` learns of them too
_BY_FAMILY, _ERROR, _DONE = 20, 2, 3
_REQUEST_AND_DUMP = 0x301
_QUEUE_AND_MEMORY = 0x10 | 0x20
_QUEUE, _MEMORY = 4, 5
_HEADER, _ASKED = struct.Struct("=IHHII"), struct.Struct("=BBHIII2I")
_ATTRIBUTE = struct.Struct("=HH")
_DESCRIPTION = 16
_NEVER = 0xFFFFFFFF
_LONGEST = 1 << 16


def held(disks: Iterable[int]) -> int:
    """Return the bytes that the kernel holds for this network namespace's sockets and some file systems.

    Args:
        disks: descriptors of folders, one in each of these.
    """
    return _by_internet_sockets() + _by_netlink_sockets() + _by_unix_sockets() + OF_A_FILE * sum(map(_files, disks))


def _files(descriptor: int) -> int:
    """Return the number of files in a file system."""
    there = os.fstatvfs(descriptor)
    return there.f_files - there.f_ffree


def _by_internet_sockets() -> int:
    """Return the bytes that wait in this network namespace's internet sockets; 0 for what is not worth a look.

    To list them, the kernel goes through all places of a table as large as the machine, each time.
    """
    if _on_the_machine() <= NOT_WORTH_A_LOOK:
        return 0
    found = 0
    for name in _WITH_QUEUES:
        path = Path("/proc/net", name)
        found += waiting_in(path.read_text()) if path.exists() else 0
    return found


def _on_the_machine() -> int:
    """Return the bytes that the kernel holds for all internet sockets of the machine; too many if it does not say."""
    if not _BY_PROTOCOL.exists():
        return NOT_WORTH_A_LOOK + 1
    return _PAGE * sum(int(pages) for pages in _PAGES.findall(_BY_PROTOCOL.read_text()))


def waiting_in(table: str) -> int:
    """Return the bytes that wait in the sockets of a list of the kernel's."""
    queues = (line.split()[_QUEUES].split(":") for line in table.splitlines()[1:])
    waiting = (int(queue, 16) for both in queues for queue in both)
    return sum(one for one in waiting if one < _BELOW_NOTHING)


def _by_netlink_sockets() -> int:
    """Return the bytes that wait in sockets to the kernel, such as answers that nobody reads."""
    lines = _OF_THE_KERNEL.read_text().splitlines()[1:]
    return sum(int(received) + int(sent) for _, _, _, _, received, sent, *_ in map(str.split, lines))


def _by_unix_sockets() -> int:
    """Return the bytes that wait in UNIX sockets, at either end: those of a closed sender are at the receiver."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCKETS_OF_THE_KERNEL) as kernel:
        asked = _ASKED.pack(socket.AF_UNIX, 0, 0, _NEVER, 0, _QUEUE_AND_MEMORY, _NEVER, _NEVER)
        kernel.send(_HEADER.pack(_HEADER.size + len(asked), _BY_FAMILY, _REQUEST_AND_DUMP, 0, 0) + asked)
        found = 0
        while True:
            for kind, data in _messages(kernel.recv(_LONGEST)):
                if kind in (_ERROR, _DONE):
                    return found
                found += max((_waiting(*one) for one in _attributes(data[_DESCRIPTION:])), default=0)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(data):
        length, kind, *_ = _HEADER.unpack_from(data, offset)
        yield kind, data[offset + _HEADER.size : offset + length]
        offset += length + -length % 4


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset < len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, offset)
        yield kind, data[offset + _ATTRIBUTE.size : offset + length]
        offset += length + -length % 4


def _waiting(kind: int, data: bytes) -> int:
    """Return the bytes to be received, or those that were sent, from an attribute of a socket."""
    numbers = struct.unpack(f"={len(data) // 4}I", data) if kind in (_QUEUE, _MEMORY) else ()
    return {_QUEUE: numbers[:1], _MEMORY: numbers[2:3]}.get(kind, ())[0] if numbers else 0
