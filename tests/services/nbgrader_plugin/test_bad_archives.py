"""One student's archive, whatever it is, is that student's matter: everybody else is collected, and it is told why."""

import os
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.nbgrader_plugin.unpack import OF_A_STUDENT, unpacked
from tests.services.nbgrader_plugin.test_collect import collect, collected, collected_bytes, course, download
from tests.unit.nbgrader_plugin.bad_archives import BAD, MIB, NOTEBOOK, ODD, OUTSIDE, TEXT, tarred

__all__ = ["course"]  # a fixture
WORDS = {"bomb_that_lies.zip": "", "bombs.zip": "", "bomb.tar.gz": ""}
"""Reasons that are not the same with every version of Python."""


def files(folder: Path) -> list[Path]:
    return [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]


@pytest.mark.parametrize("name", [*BAD, *ODD])
def test_nothing_gets_out_and_nothing_but_files_gets_in(name: str, tmp_path: Path) -> None:
    make, why = BAD[name] if name in BAD else (ODD[name], "")
    archive, folder = tmp_path / name, tmp_path / "to" / "there"
    archive.write_bytes(make())
    done = unpacked(archive, folder, OF_A_STUDENT)

    assert {path.name for path in tmp_path.iterdir()} <= {name, "to"}
    assert not Path(OUTSIDE).exists()
    found = files(tmp_path / "to")
    assert all(path.is_relative_to(folder) and path.is_file() and not path.is_symlink() for path in found)
    assert len(found) <= OF_A_STUDENT.files
    assert sum(path.stat().st_size for path in found) <= OF_A_STUDENT.total
    said = " ".join([done.why, *(reason for _, reason in done.left_out)])
    assert WORDS.get(name, why) in said
    assert not done.disk
    notebooks = [path.read_text() for path in found if path.name == NOTEBOOK]
    assert notebooks == ([TEXT] if name in ODD else []) or name in ("somebody_elses.zip",)


def test_what_is_whole_of_a_damaged_archive_is_had(tmp_path: Path) -> None:
    archive = tmp_path / "half.tar.gz"
    archive.write_bytes(tarred((NOTEBOOK, TEXT.encode()), ("b.ipynb", os.urandom(MIB)))[: -MIB // 2])
    done = unpacked(archive, tmp_path / "to", OF_A_STUDENT)
    assert "damaged" in done.why
    assert [path.name for path in files(tmp_path / "to")] == [NOTEBOOK]


@pytest.mark.parametrize("member", [".unfinished", ".unfinished/a.txt"])
def test_a_member_with_a_name_as_of_an_unfinished_file_is_had(member: str, tmp_path: Path) -> None:
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(tarred((member, b"x"), ("b.txt", b"x")))
    done = unpacked(archive, tmp_path / "to", OF_A_STUDENT)
    assert done.left_out == []
    assert {str(path.relative_to(tmp_path / "to")) for path in files(tmp_path / "to")} == {member, "b.txt"}


@pytest.fixture(scope="module")
def submissions_of_students() -> dict[str, bytes]:
    """By the archive's name what each student of a class uploaded."""
    return {name: make() for name, make in {**{name: make for name, (make, _) in BAD.items()}, **ODD}.items()}


def name_of(archive: str) -> str:
    return "".join(character for character in archive.split(".zip")[0] if character.isalpha())


@pytest.mark.slow
@pytest.mark.sampled(1)
@pytest.mark.parametrize("lms", ["moodle", "canvas", "unpacked"])
def test_everybody_else_is_collected(lms: str, course: Course, submissions_of_students: dict[str, bytes]) -> None:
    def named(student: str, number: int, file: str) -> str:
        return f"{student}_{number}_9_{file}" if lms == "canvas" else f"{student}_{number}_assignsubmission_file_{file}"

    uploads: dict[str, bytes | str] = {named("ada", 1, NOTEBOOK): "ada's", named("bob", 2, NOTEBOOK): "bob's"}
    numbers = {archive: number for number, archive in enumerate(submissions_of_students, start=10)}
    for archive, number in numbers.items():
        uploads[named(name_of(archive), number, archive)] = submissions_of_students[archive]
    uploads[named("zoe", 99, NOTEBOOK)] = "zoe's"
    place = course.root / "downloaded" / course_name(course) / "archive"
    if lms == "unpacked":
        for name, text in uploads.items():
            (place / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    else:
        download(course, "class.zip", uploads)

    done = collect(course)

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    found = collected_bytes(course)
    for student in ("ada_1", "bob_2", "zoe_99"):
        assert found[student] == {NOTEBOOK: f"{student.split('_')[0]}'s".encode()}
    for archive, number in numbers.items():
        student = f"{name_of(archive)}_{number}"
        assert (NOTEBOOK in found[student]) == (archive in ODD), archive
        if archive in BAD:
            (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"  {student}: ")]
            assert WORDS.get(archive, BAD[archive][1]) in line
    assert (
        f"Found {len(uploads)} students: {len(ODD) + 3} with {NOTEBOOK}, {len(BAD)} with something else" in done.stdout
    )
    assert sum(path.stat().st_size for path in files(course.root)) < 600 * MIB
    assert not list(course.root.rglob("evil.ipynb"))
    assert not Path(OUTSIDE).exists()


def course_name(course: Course) -> str:
    return next((course.root / "downloaded").iterdir()).name


@pytest.mark.sampled(0)  # it takes a minute on a busy machine
@pytest.mark.slow
def test_a_class_of_which_nothing_can_be_collected_is_told(course: Course) -> None:
    place = course.root / "downloaded" / course_name(course) / "archive"
    (place / "class.zip").write_bytes(b"PK\x03\x04 and no more")
    done = collect(course)
    assert "class.zip: it is damaged" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_what_is_too_large_for_a_download_is_told_by_the_students_name(course: Course) -> None:
    download(course, "class.zip", {f"ada_1_2_{NOTEBOOK}": bytes(129 * MIB), f"bob_3_4_{NOTEBOOK}": "bob's"})
    done = collect(course)
    assert done.returncode == 0, done.stderr
    assert collected(course) == {"bob_3": {NOTEBOOK: "bob's"}}
    assert "  ada_1: not collected" in done.stdout
    assert "more than 128 MB" in done.stdout
