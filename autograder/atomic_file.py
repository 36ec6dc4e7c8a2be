"""Files that are whole at any moment, whatever happens to who writes them."""

import contextlib
import io
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")
_LONG_AGO = 3600.0
"""Seconds after which nobody can still be writing such a file."""


@contextlib.contextmanager
def replacing(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Yield a file that replaces ``path`` when the context ends, unless it ends with an exception.

    Whoever reads ``path``, even after a power cut, finds the old text or the new one. Line ends stay as they are.

    A link or a device is written to directly: neither is to be replaced.

    Raises:
        OSError: when it cannot be written.
    """
    with replacing_bytes(path) as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        yield text
        text.detach()  # which writes what is left of it


@contextlib.contextmanager
def replacing_bytes(path: Path) -> Iterator[BinaryIO]:
    """Yield a file of bytes that replaces ``path``, as `replacing` does.

    Raises:
        OSError: when it cannot be written.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):  # such as /dev/stdout
        with path.open("wb") as file:
            yield file
        return
    temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(path)  # the name that means something to a person
        raise


def remove_half_written(*folders: Path) -> None:
    """Remove what is left in these folders of files that somebody was writing when killed."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                if _TEMPORARY.fullmatch(path.name) and time.time() - path.stat().st_mtime > _LONG_AGO:
                    path.unlink(missing_ok=True)


def in_words(error: OSError) -> str:
    """Return what the system has to say, and of which file, such as ``No space left on device: /tmp/x``."""
    said = error.strerror or str(error) or type(error).__name__
    return f"{said}: {error.filename}" if error.filename else said
