"""Unpacks an archive that somebody handed in, or a download full of them, into a folder: files only, within limits.

Nothing in an archive decides where anything is written, how much, or how long it takes. What cannot be had of it is
left out and told; the rest is there. The one who calls runs this module in a process of its own (`unpacked`), since the
modules that read archives allocate and compute what an archive asks for.
"""

import errno
import gzip
import io
import json
import resource
import secrets
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.report.sanitize import visible

_MIB = 1 << 20
NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class ArchiveLimits:
    """The limits for what may come of one archive.

    Attributes:
        file: bytes of each file.
        total: bytes of all files together.
        files: how many files. Of more, those in the outermost folders are taken.
        members: how many members an archive may list.
        depth: folders in which a file may be.
        stream: bytes that a compressed stream may become while it is searched for files.
        seconds: of CPU time.
        memory: bytes.
        notebooks_only: whether nothing else is taken where there is a notebook.
    """

    file: int
    total: int
    files: int
    members: int
    depth: int
    stream: int
    seconds: int
    memory: int = 1024 * _MIB
    notebooks_only: bool = False


OF_A_DOWNLOAD = ArchiveLimits(
    file=128 * _MIB, total=64 << 30, files=50_000, members=200_000, depth=20, stream=128 << 30, seconds=3_600
)
"""A class of several hundred, each of whom uploaded a hundred megabytes."""

OF_A_STUDENT = ArchiveLimits(
    file=32 * _MIB,
    total=64 * _MIB,
    files=200,
    members=200_000,
    depth=20,
    stream=1 << 30,
    seconds=20,
    notebooks_only=True,
)
"""A notebook that is graded has ten megabytes at most. Many who hand in a folder hand in an environment with it."""


@dataclass
class Unpacked:
    """The result of unpacking an archive.

    Attributes:
        why: why it could not be read, or not to its end; empty when it could.
        left_out: what of it was left out, each with why.
        disk: what is wrong with the disk; nothing more can be unpacked then.
    """

    why: str = ""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    disk: str = ""


class _Unreadable(Exception):
    """An archive, or a member, that cannot be had. The message says why."""


class _Full(Exception):
    """The limit of what may come of an archive has been reached."""


_UNFINISHED = ".unfinished"
_MOST_TOLD = 1_000
"""The number of files left out of one archive of which it is told."""

_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2}
"""Ways to pack whose readers need little memory whatever they read."""


@dataclass(frozen=True)
class _Member:
    """A file of an archive, as the archive describes it.

    Attributes:
        refused: why it cannot be had; empty when it may.
        read: opens it.
    """

    name: str
    refused: str
    read: Callable[[], IO[bytes]]


def unpacked(archive: Path, folder: Path, limits: ArchiveLimits) -> Unpacked:
    """Unpack an archive in a process of its own. Whatever it is, this says what came of it."""
    command = [sys.executable, "-m", __name__, str(archive), str(folder), json.dumps(asdict(limits))]
    done = subprocess.run(command, capture_output=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return Unpacked("it takes too much time or memory to unpack")
    return Unpacked(told["why"], [(name, why) for name, why in told["left_out"]], told["disk"])


def main(arguments: Sequence[str]) -> None:
    """Unpack the archive ``arguments[0]`` into the folder ``arguments[1]`` and print what came of it as JSON."""
    archive, folder, limits = Path(arguments[0]), Path(arguments[1]), ArchiveLimits(**json.loads(arguments[2]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps(asdict(unpack(archive, folder, limits))))


def unpack(archive: Path, folder: Path, limits: ArchiveLimits) -> Unpacked:
    """Unpack an archive in this process."""
    done = Unpacked()
    try:
        _Writer(folder, limits, done).write(archive)
    except _Unreadable as error:
        done.why = str(error)
    except MemoryError:
        done.why = "it takes too much memory to unpack"
    except OSError as error:
        if error.errno in _OF_THE_DISK:
            done.disk = str(error.strerror)
        else:
            done.why = f"it is damaged ({_short(error)})"
    except Exception as error:  # the modules that read archives raise many kinds at bytes that are none
        done.why = f"it is damaged ({_short(error)})"
    return done


class _Writer:
    """Writes the files of one archive."""

    def __init__(self, folder: Path, limits: ArchiveLimits, done: Unpacked) -> None:
        self._folder = folder
        self._limits = limits
        self._done = done
        self._files = self._bytes = 0

    def write(self, archive: Path) -> None:
        """Write the notebooks of an archive, and what else is asked for or there is in their place."""
        if self._limits.notebooks_only:
            self._write_those(archive, lambda name: name.lower().endswith(NOTEBOOK))
            if self._files:
                return
            self._done.left_out.clear()  # it comes again
        self._write_those(archive, lambda name: True)

    def _write_those(self, archive: Path, wanted: Callable[[str], bool]) -> None:
        for member in _members(archive, self._limits):
            if not wanted(member.name):
                continue
            try:
                self._write_one(member)
            except _Full:
                self._leave_out(
                    member.name, f"only {self._limits.files:,} files are taken, and this and others are not"
                )
                return
            except _Unreadable as error:
                self._leave_out(member.name, str(error))
            except OSError as error:
                if error.errno in _OF_THE_DISK:
                    raise
                self._leave_out(member.name, f"it cannot be unpacked ({_short(error)})")
            except Exception as error:  # as below
                self._leave_out(member.name, f"it is damaged ({_short(error)})")

    def _write_one(self, member: _Member) -> None:
        if member.refused:
            raise _Unreadable(member.refused)
        path = self._folder.joinpath(*_safe_parts(member.name, self._limits.depth))
        if self._files >= self._limits.files:
            raise _Full
        path.parent.mkdir(parents=True, exist_ok=True)
        # No member can have this name, and no member's folder: what an archive lists stands before it is drawn.
        unfinished = self._folder / f"{_UNFINISHED}-{secrets.token_hex(8)}"
        try:
            with unfinished.open("xb") as file, member.read() as source:
                self._copy(source, file)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._files += 1

    def _copy(self, source: IO[bytes], file: IO[bytes]) -> None:
        size = 0
        while part := source.read(_MIB):
            size += len(part)
            if size > self._limits.file:
                raise _Unreadable(f"it has more than {self._limits.file // _MIB} MB")
            if self._bytes + size > self._limits.total:
                raise _Unreadable(f"with the others it has more than {self._limits.total // _MIB} MB")
            file.write(part)
        self._bytes += size

    def _leave_out(self, name: str, why: str) -> None:
        if len(self._done.left_out) < _MOST_TOLD:
            self._done.left_out.append((name[:300].encode("utf-8", "replace").decode("utf-8"), why))


def _members(archive: Path, limits: ArchiveLimits) -> Iterator[_Member]:
    """Yield the files of an archive; those of a ``zip`` with the outermost folders first."""
    with archive.open("rb") as file:
        begins = file.read(4)
    if not begins:
        raise _Unreadable("it is empty")
    if begins[:2] == b"\x1f\x8b":
        yield from _of_tar(archive, limits)
    elif zipfile.is_zipfile(archive):
        yield from _of_zip(archive, limits)
    elif begins[:2] == b"PK":
        raise _Unreadable("it is damaged: the end of the file is missing")
    else:
        raise _Unreadable("it is no zip and no tar.gz, whatever its name says")


def _of_zip(archive: Path, limits: ArchiveLimits) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as opened:
        infos = [info for info in opened.infolist() if not info.is_dir()]
        if len(infos) > limits.members:
            raise _Unreadable(f"it lists more than {limits.members:,} files")
        last = {info.filename: info for info in infos}  # of several with one name the last, as after any unpacking
        for info in sorted(last.values(), key=lambda info: (info.filename.count("/"), info.filename)):
            yield _Member(info.filename, _refused_of_zip(info), lambda info=info: opened.open(info))  # type: ignore[misc]


def _refused_of_zip(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 1:
        return "it needs a password"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link or a device, and no file"
    return "" if info.compress_type in _PACKINGS else "it is packed in a way that is not unpacked here"


def _of_tar(archive: Path, limits: ArchiveLimits) -> Iterator[_Member]:
    with gzip.open(archive) as stream, tarfile.open(fileobj=_Bounded(stream, limits.stream), mode="r|") as opened:
        for number, info in enumerate(opened):
            if number >= limits.members:
                raise _Unreadable(f"it lists more than {limits.members:,} files")
            if info.isdir():
                continue
            refused = "" if info.isreg() else "it is a link or a device, and no file"
            yield _Member(info.name, refused, lambda info=info: _opened(opened, info))  # type: ignore[misc]


def _opened(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(info)
    if file is None:
        raise _Unreadable("it is no file")
    return file


class _Bounded(io.RawIOBase):
    """A stream that ends with an error when more was read of it than may be."""

    def __init__(self, stream: gzip.GzipFile, left: int) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > self._left:
            raise _Unreadable("it becomes too large when it is unpacked")
        part = self._stream.read(size)
        self._left -= len(part)
        return part


def _safe_parts(name: str, deepest: int) -> list[str]:
    """Return the parts of a member's path, each fit to be the name of a file or folder.

    Raises:
        _Unreadable: when it leads elsewhere, or is too long or too deep.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    parts = [visible(part, 1_000).encode("utf-8", "replace").decode("utf-8") for part in path.parts]
    if path.is_absolute() or ".." in parts or any(len(part) == 2 and part[1] == ":" for part in parts[:1]):
        raise _Unreadable("its name leads out of the archive")
    if not parts:
        raise _Unreadable("it has no name")
    if len(parts) > deepest:
        raise _Unreadable(f"it is in more than {deepest} folders")
    return parts


def _short(error: BaseException) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
    return visible(said, 100)


if __name__ == "__main__":
    main(sys.argv[1:])
