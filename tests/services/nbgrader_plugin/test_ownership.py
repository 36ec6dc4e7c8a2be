"""Two course folders on one database, which would overwrite each other."""

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course import Course, CourseError
from autograder.nbgrader_plugin.config import same_search_paths
from autograder.nbgrader_plugin.ownership import ID_FILE, claim
from tests.services.nbgrader_plugin.test_grade_in_simulator import nbgrader, write
from tests.tools.course_folder import NAME, make_course, place, released

pytestmark = pytest.mark.slow


def folder(path: Path) -> Course:
    path.mkdir()
    return Course(path)


def test_a_gradebook_belongs_to_the_first_folder_that_uses_it_wherever_that_goes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    first, second = folder(tmp_path / "first"), folder(tmp_path / "second")
    claim(url, first)
    claim(url, first)
    with pytest.raises(CourseError, match=r"of another course folder, .*/first"):
        claim(url, second)
    moved = Course(first.root.rename(tmp_path / "moved"))
    claim(url, moved)
    copy = Course(Path(shutil.copytree(moved.root, tmp_path / "copy")))
    with pytest.raises(CourseError, match=f"delete {ID_FILE} here"):
        claim(url, copy)
    claim(url, moved)
    (second.root / ID_FILE).write_text((moved.root / ID_FILE).read_text())
    shutil.rmtree(moved.root)
    claim(url, second)


def test_the_gradebook_in_the_folder_is_its_own(tmp_path: Path) -> None:
    course = folder(tmp_path / "course")
    claim(f"sqlite:///{course.root}/gradebook.db", course)
    assert list(course.root.iterdir()) == []


def test_every_command_refuses_another_folders_gradebook_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = make_course(tmp_path / "ours")
    theirs = Course(Path(shutil.copytree(ours.root, tmp_path / "theirs")))
    url = f"sqlite:///{tmp_path}/shared.db"
    with same_search_paths(), Gradebook(url):
        pass
    for course in (ours, theirs):
        with (course.root / "nbgrader_config.py").open("a") as file:
            file.write(f'\nc.CourseDirectory.db_url = "{url}"\n')
        write(place(course, "anna"), released(course))
    monkeypatch.chdir(ours.root)
    assert main(["grade", NAME, "--no-feedback"]) == 0
    before = (tmp_path / "shared.db").read_bytes()
    monkeypatch.chdir(theirs.root)
    for command in (["grade", NAME], ["grade", NAME, "--dry-run"], ["release", NAME]):
        capsys.readouterr()
        assert main(command) == 2, command
        assert "is that of another course folder" in capsys.readouterr().err
    assert main(["verify", NAME]) == 0, "it needs no gradebook"
    assert (tmp_path / "shared.db").read_bytes() == before
    done = nbgrader(theirs, "generate_assignment", NAME, "--force")
    assert done.returncode != 0
    assert "is that of another course folder" in done.stderr
    done = nbgrader(theirs, "autograde", NAME)
    assert done.returncode != 0
    assert "is that of another course folder" in done.stderr
