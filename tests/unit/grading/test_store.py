"""Reports on disk."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.store import FreshStore, Store, file_name
from autograder.report import json_form
from autograder.report.model import NotebookProblem, Report, Verdict

KEY = "ab" * 32
REPORT = Report(
    "p2p_communication", KEY, Verdict.PASSED, (), problems=(NotebookProblem("a.code", "A \ud800 surrogate."),)
)


def stored(folder: Path) -> Path:
    """The one file that holds a report by its key."""
    (path,) = folder.rglob(f"{KEY}.json")
    return path


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    store = Store(tmp_path, "p2p_communication")
    assert store.get(KEY) is None
    store.put(REPORT)
    assert store.get(KEY) == REPORT
    assert Store(tmp_path, "another").get(KEY) is None


def test_what_was_not_asked_for_the_longest_is_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    store.forget_old()
    keys = [f"{number:064x}" for number in range(5)]
    for number, key in enumerate(keys):
        store.put(replace(REPORT, key=key))
        os.utime(next(tmp_path.rglob(f"{key}.json")), (number, number))
    assert store.get(keys[0])
    store.forget_old(2)
    assert [key for key in keys if store.get(key)] == [keys[0], keys[4]]


@pytest.mark.parametrize("verdict", [Verdict.INFRASTRUCTURE, Verdict.NOT_GRADABLE])
def test_what_is_not_final_is_graded_again(tmp_path: Path, verdict: Verdict) -> None:
    store = Store(tmp_path, "a")
    store.put(replace(REPORT, verdict=verdict))
    assert store.get(KEY) is None


@pytest.mark.parametrize("junk", [b"", b"{", b"null", b"[" * 100_000, b"\xff\xfe\x00", b'{"schema": 1}'])
def test_junk_counts_as_absent_and_is_replaced(tmp_path: Path, junk: bytes) -> None:
    store = Store(tmp_path, "a")
    store.put(REPORT)
    stored(tmp_path).write_bytes(junk)
    assert store.get(KEY) is None
    store.put(REPORT)
    assert store.get(KEY) == REPORT


def test_half_a_report_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    store.put(REPORT)
    text = stored(tmp_path).read_text()
    stored(tmp_path).write_text(text[: len(text) // 2])
    assert store.get(KEY) is None


def test_a_folder_in_the_place_of_a_report_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    store.put(REPORT)
    stored(tmp_path).unlink()
    (tmp_path / "a" / "by-key" / f"{KEY}.json").mkdir()
    assert store.get(KEY) is None


def test_a_report_of_another_key_counts_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    store.put(REPORT)
    stored(tmp_path).write_text(json_form.dumps(replace(REPORT, key="cd" * 32)))
    assert store.get(KEY) is None


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "AB" * 32, KEY + "0", KEY + "\n"])
def test_what_is_no_key_never_becomes_a_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no content key"):
        Store(tmp_path, "a").get(key)


def test_many_writers_leave_one_whole_report_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")

    def write_and_read(_: int) -> Report | None:
        store.put(REPORT)
        return store.get(KEY)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(write_and_read, range(200)))
    assert found == [REPORT] * 200
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{KEY}.json"]


def test_a_fresh_store_passes_over_what_was_there_and_knows_what_it_was_given(tmp_path: Path) -> None:
    Store(tmp_path, "a").put(REPORT)
    fresh = FreshStore(tmp_path, "a")
    assert fresh.get(KEY) is None
    fresh.put(REPORT)
    assert fresh.get(KEY) == REPORT


def test_the_report_of_a_student(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    assert store.of_student("anna") is None
    unfinished = replace(REPORT, verdict=Verdict.NOT_GRADABLE)
    store.put_student("anna", unfinished)
    assert store.of_student("anna") == unfinished
    assert store.student_path("anna") == tmp_path / "a" / "anna.json"


UNUSUAL = [
    "anna",
    "Anna",
    "a b",
    "a/b",
    "a\\b",
    "..",
    ".",
    "",
    "%",
    "a%20b",
    "by-key",
    ".hidden",
    "-dash",
    "[a]*?",
    "a+b",
    "o'quote\"",
    "a\x00b",
    "a\nb",
    "Зоя",
    "学" * 100,
    "学" * 101,
    "l" * 200,
    "l" * 201,
    "\ud800",
    "\udcff",
    "ÿ",
]


def test_every_id_has_a_file_name_of_its_own_that_is_safe() -> None:
    names = [file_name(student) for student in UNUSUAL]
    assert len(set(names)) == len(UNUSUAL)
    for name in names:
        assert name.isascii() and name.isprintable()
        assert "/" not in name and not name.startswith(".")
        assert len(name) < 200


@pytest.mark.parametrize("student", UNUSUAL)
def test_reports_of_unusual_ids_can_be_written(tmp_path: Path, student: str) -> None:
    store = Store(tmp_path, "a")
    store.put_student(student, REPORT)
    assert store.of_student(student) == REPORT
    assert [path.name for path in (tmp_path / "a").iterdir()] == [f"{file_name(student)}.json"]
