"""Reports on disk: one JSON file for each content key, and one for each student.

``reports/<assignment>/by-key/<key>.json`` is what saves grading the same code twice.
``reports/<assignment>/runs/`` has what was seen in their runs: see `autograder.grading.run_cache`.
``reports/<assignment>/<student>.json`` is the last report of a student, for people and other programs. Its format is
that of `autograder.report.json_form`.
"""

import contextlib
import hashlib
import re
from pathlib import Path

from autograder.atomic_file import remove_half_written, replacing
from autograder.grading.lru import evict_oldest, touch
from autograder.grading.run_cache import RunStore
from autograder.report import json_form
from autograder.report.model import Report, Verdict

FOLDER = "reports"
"""The store's place in a course folder."""

_BY_KEY = "by-key"
_RUNS = "runs"
_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.@+")
_LONGEST_NAME = 120
_LARGEST_REPORT = 20 << 20
_KEY = re.compile(r"[0-9a-f]{64}")

MOST_KEPT = 20_000
"""Reports that are kept by content: several classes of hundreds. One has about 20 kB."""


def is_final(report: Report) -> bool:
    """Return whether grading the same code again would give the same result."""
    return report.verdict in (Verdict.PASSED, Verdict.NOT_PASSED)


class Store:
    """The reports below a folder. Several processes and threads may use the same folder at the same time.

    Attributes:
        runs: what the reports rest on.
    """

    def __init__(self, folder: Path, assignment: str) -> None:
        """Make a store for the reports of one assignment below ``folder``, which need not exist yet."""
        self._folder = folder / assignment
        self.runs = RunStore(self._folder / _RUNS)

    def get(self, key: str) -> Report | None:
        """Return the final report with this content key, or None. A file that is no such report counts as absent."""
        path = self._folder / _BY_KEY / f"{_checked(key)}.json"
        report = _read(path)
        if report is None or report.key != key or not is_final(report):
            return None
        touch(path)
        return report

    def put(self, report: Report) -> None:
        """Keep a report under its key. One that is not final is not kept, so that the next grading tries again.

        Raises:
            OSError: when it cannot be written.
        """
        if is_final(report):
            _write(self._folder / _BY_KEY / f"{_checked(report.key)}.json", json_form.dumps(report))

    def forget_old(self, most: int = MOST_KEPT) -> None:
        """Keep no more than ``most`` reports by content, and runs, those that were asked for last.

        Whatever is missing is graded anew.
        """
        evict_oldest(self._folder / _BY_KEY, most)
        self.runs.forget_old(most)

    def of_student(self, student: str) -> Report | None:
        """Return the last report of a student, final or not, or None."""
        return _read(self.student_path(student))

    def put_student(self, student: str, report: Report) -> None:
        """Keep the last report of a student.

        Raises:
            OSError: when it cannot be written.
        """
        text = json_form.dumps(report, indent=2)
        path = self.student_path(student)
        with contextlib.suppress(OSError, ValueError):
            if path.read_text(encoding="ascii") == text:
                return
        _write(path, text)

    def remove_half_written(self) -> None:
        """Remove what is left of reports that somebody was writing when killed."""
        remove_half_written(self._folder, self._folder / _BY_KEY)
        self.runs.remove_half_written()

    def student_path(self, student: str) -> Path:
        """Return where the last report of a student is."""
        return self._folder / f"{file_name(student)}.json"


class FreshStore(Store):
    """A store that passes over what was kept before it was made, for grading all anew."""

    def __init__(self, folder: Path, assignment: str) -> None:
        """Make a store as `Store` does."""
        super().__init__(folder, assignment)
        self.runs = RunStore(self._folder / _RUNS, anew=True)
        self._fresh: set[str] = set()

    def get(self, key: str) -> Report | None:
        """Return a report as `Store.get` does, but only if it was put into this store since it was made."""
        return super().get(key) if key in self._fresh else None

    def put(self, report: Report) -> None:
        """Keep a report as `Store.put` does."""
        super().put(report)
        self._fresh.add(report.key)


def file_name(student: str) -> str:
    """Return a file name for a student's id: ASCII, visible, without separators, not too long, and unique.

    Other bytes than letters, digits and ``_-.@+`` are written as ``%`` and two hexadecimal digits.
    """
    raw = student.encode("utf-8", "surrogateescape" if _from_file_system(student) else "surrogatepass")
    name = "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in raw)
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) <= _LONGEST_NAME:
        return name or "%"
    return f"{name[:_LONGEST_NAME]}~{hashlib.sha256(raw).hexdigest()[:16]}"


def _from_file_system(text: str) -> bool:
    """Return whether the lone surrogates of a text stand for bytes of a file name that is no UTF-8."""
    return all("\udc80" <= character <= "\udcff" for character in text if "\ud800" <= character <= "\udfff")


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no content key: 64 hexadecimal digits")
    return key


def _read(path: Path) -> Report | None:
    try:
        with path.open("rb") as file:
            return json_form.loads(file.read(_LARGEST_REPORT).decode("ascii"))
    except (OSError, ValueError, RecursionError):
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, encoding="ascii") as file:
        file.write(text)
