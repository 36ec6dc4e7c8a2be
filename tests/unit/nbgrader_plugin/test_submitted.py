"""Finding what was handed in."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.course import CourseError
from autograder.nbgrader_plugin.submitted import bad_timestamp, submissions
from autograder.submission.model import Problem

NAME = "p2p_communication"
NO_TIME = Problem.fatal("timestamp.no_time", file="timestamp.txt")


def course(root: Path, **settings: str) -> CourseDirectory:
    return CourseDirectory(root=str(root), **settings)


def hand_in(root: Path, student: str, assignment: str = NAME) -> Path:
    folder = root / "submitted" / student / assignment
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("student", ["anna", "a b", "Зоя", "[a]*?", "a+b", "-a", "--force", "o'b\"c", "{x}", "l" * 200])
def test_a_student_id_is_taken_as_it_is(tmp_path: Path, student: str) -> None:
    folder = hand_in(tmp_path, student)
    (found,) = submissions(course(tmp_path), NAME)
    assert (found.student, found.folder, found.refused) == (student, folder, None)


def test_they_come_in_order_and_only_those_of_the_assignment(tmp_path: Path) -> None:
    for student in ("b", "a", "c"):
        hand_in(tmp_path, student)
    hand_in(tmp_path, "d", "something_else")
    assert [found.student for found in submissions(course(tmp_path), NAME)] == ["a", "b", "c"]


def test_a_file_in_place_of_the_folder_is_a_submission_too(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "anna").mkdir(parents=True)
    (tmp_path / "submitted" / "anna" / NAME).write_text("oops")
    assert [found.student for found in submissions(course(tmp_path), NAME)] == ["anna"]


@pytest.mark.parametrize("name", [f"{NAME}.ipynb", f"{NAME} (2).ipynb"])
def test_a_notebook_one_folder_too_high_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "submitted" / "anna").mkdir(parents=True)
    (tmp_path / "submitted" / "anna" / name).write_text("{}")
    (tmp_path / "submitted" / "notes.txt").write_text("of nobody")
    (found,) = submissions(course(tmp_path), NAME)
    assert found.refused and (found.refused.code, found.refused.data["wanted"]) == ("folder.misplaced", NAME)


def test_a_name_that_is_no_text_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    os.makedirs(os.fsencode(tmp_path) + b"/submitted/\xff\xfe/" + NAME.encode())
    (found,) = submissions(course(tmp_path), NAME)
    assert found.refused and found.refused.code == "folder.no_text"


def test_another_directory_structure(tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / NAME / "of-anna"
    folder.mkdir(parents=True)
    directory = course(tmp_path, directory_structure="{nbgrader_step}/{assignment_id}/of-{student_id}")
    (found,) = submissions(directory, NAME)
    assert (found.student, found.folder) == ("anna", folder)


def test_a_student_folder_that_cannot_be_looked_into_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "anna").symlink_to("anna")  # fails like a folder without permissions, for root as well
    (found,) = submissions(course(tmp_path), NAME)
    assert (found.student, found.refused) == ("anna", None)


def test_students_folders_in_a_folder_that_is_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "submitted").write_text("oops")
    with pytest.raises(CourseError, match="cannot be read"):
        submissions(course(tmp_path), NAME)


def test_no_submissions_at_all(tmp_path: Path) -> None:
    assert submissions(course(tmp_path), NAME) == []


ZONED = (
    "2030-07-31 23:59:00.012345 UTC",
    "2030-07-31 23:59:00 CEST",
    "2030-07-31 23:59:00.012345 +03",
    "2030-07-31 23:59 Europe/Berlin",
    "2030-12-31 23:59:00.5 CET",
)


@pytest.mark.parametrize(
    "text", ["", "\n", "2030-12-31 23:59:00 UTC", "2030-12-31T23:59:00+02:00", "2030-12-31", *ZONED]
)
def test_a_timestamp(tmp_path: Path, text: str) -> None:
    assert bad_timestamp(tmp_path) is None
    (tmp_path / "timestamp.txt").write_text(text)
    assert bad_timestamp(tmp_path) is None


@pytest.mark.parametrize("data", [b"yesterday", b"\xff\xfe", b"9" * 400, b"2030-13-45"])
def test_a_timestamp_that_is_none_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "timestamp.txt").write_bytes(data)
    assert bad_timestamp(tmp_path) == NO_TIME


@pytest.mark.parametrize(
    "text",
    [
        "31 December 2030",  # what is missing nbgrader makes up
        "23:59",
        "December 2030 23:59",
        "01/02/2030 12:00",  # in two ways
        "2030-12-31 11:59 PM",  # the third word it takes for a zone
        "2030-12-31 23:59:00 +0100",  # as a hundred seconds
        "2030-12-31T23:59:00 EST",
        "1408/10/11 09:05",
    ],
)
def test_a_timestamp_that_nbgrader_would_take_for_another_time_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "timestamp.txt").write_text(text)
    assert bad_timestamp(tmp_path) == NO_TIME


def test_a_timestamp_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").mkdir()
    trouble = bad_timestamp(tmp_path)
    assert trouble and trouble.code == "timestamp.unreadable"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/hostname")])
def test_a_timestamp_that_is_no_file_is_neither_waited_for_nor_followed(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "timestamp.txt")
    trouble = bad_timestamp(tmp_path)
    assert trouble and trouble.code == "timestamp.unreadable"


def test_of_a_timestamp_without_end_only_the_beginning_is_read(tmp_path: Path) -> None:
    with (tmp_path / "timestamp.txt").open("wb") as file:
        file.truncate(1 << 40)
    assert bad_timestamp(tmp_path) == NO_TIME
