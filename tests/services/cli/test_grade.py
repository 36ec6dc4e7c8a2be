"""The command ``grade``: what it refuses, what it does again, and how it is stopped."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import psutil
import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course import Course
from autograder.grading.store import FOLDER, Store
from autograder.nbgrader_plugin import graded
from autograder.submission import read
from tests.services.conftest import CourseAt
from tests.services.nbgrader_plugin.test_grade_in_simulator import score, write
from tests.tools.course_folder import NAME, PATIENCE, cell_of, place, released, solved

ONE_EXERCISE = ("handle_event", "server_handler")


def one_exercise(course: Course, remark: str = "") -> nbformat.NotebookNode:
    """A notebook with the first exercise only, which needs one run."""
    notebook = solved(course)
    for name in ONE_EXERCISE:
        cell_of(notebook, name).source = cell_of(released(course), name).source
    if remark:
        # Within the class: what its code does not need is no part of what is played.
        cell = cell_of(notebook, "execute")
        cell.source = cell.source.replace("(Executor):\n", f"(Executor):\n    remark = {remark!r}\n", 1)
    return notebook


@pytest.fixture(scope="module")
def template(course_at: CourseAt, tmp_path_factory: pytest.TempPathFactory) -> Course:
    return course_at(tmp_path_factory.mktemp("template") / "a course")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["grade", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_an_unknown_assignment(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is: p2p_communication" in refused(capsys, "p2p")


def test_outside_of_a_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is not in a course folder" in refused(capsys, NAME)


def test_no_submissions(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there are no submissions" in refused(capsys, NAME)


def test_an_unknown_student(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    write(place(course, "anna"), released(course))
    assert "no submission of 'ana'. Did you mean 'anna'?" in refused(capsys, NAME, "--student", "ana")


@pytest.mark.simulator
@pytest.mark.slow
def test_a_submission_is_read_and_keyed_once_on_its_whole_way(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    write(place(course, "anna"), one_exercise(course))
    calls: Counter[str] = Counter()

    def counted(module: ModuleType, name: str) -> None:
        function = getattr(module, name)

        def counting(*args: Any, **more: Any) -> Any:
            calls[name] += 1
            return function(*args, **more)

        monkeypatch.setattr(module, name, counting)

    counted(read, "from_notebook")  # whoever reads a submission from its folder calls it there
    counted(graded, "content_key")
    assert main(["grade", NAME]) == 0
    assert calls == {"from_notebook": 1, "content_key": 1}
    assert list((course.root / "feedback" / "anna").rglob("*.html"))


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_that_is_none(course: Course, jobs: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["grade", NAME, "--jobs", jobs])
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("this is no Python", "cannot be loaded: SyntaxError"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("", "does not grade in the simulator"),
        ('c = get_config()\nc.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute"]', "not grade in"),
    ],
)
def test_a_configuration_with_which_students_code_would_run_in_a_kernel_or_nowhere(
    course: Course, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    write(place(course, "anna"), released(course))
    (course.root / "nbgrader_config.py").write_text(text)
    assert message in refused(capsys, NAME)


@pytest.mark.slow
def test_without_anything_to_run_it_grades_without_a_simulator(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    for student in ("anna", "-bert", "[c]"):
        write(place(course, student), released(course))
    assert main(["grade", NAME]) == 0
    table = capsys.readouterr().out
    assert table.count("0/12") == 3
    assert [score(course, student) for student in ("anna", "-bert", "[c]")] == [0, 0, 0]
    assert (course.root / "feedback" / "[c]" / NAME / f"{NAME}.html").is_file()


@pytest.mark.slow
def test_a_better_notebook_in_place_of_one_that_could_not_be_graded_and_the_other_way(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, bert = place(course, "anna"), place(course, "bert")
    anna.write_text("oops")
    write(bert, released(course))
    assert main(["grade", NAME]) == 1
    assert (score(course, "anna"), score(course, "bert")) == (None, 0)
    write(anna, released(course))
    bert.write_text("oops")
    assert main(["grade", NAME]) == 1
    assert (score(course, "anna"), score(course, "bert")) == (0, None)
    assert not (course.root / "autograded" / "bert" / NAME).exists()
    assert not (course.root / "feedback" / "bert" / NAME).exists()


@pytest.mark.slow
def test_the_lists_in_another_language_and_what_the_lms_has_to_be_told(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    write(place(course, "Zoë_12"), released(course))
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2030-01-01 12:00:00")
    assert main(["grade", NAME, "--no-feedback", "--language", "de"]) == 0
    told = capsys.readouterr().out
    assert "2030-01-01 12:00 UTC" in told and "without a time zone" in told
    assert "maximum grade in Moodle to 12:" in told
    assert (course.root / "checks.csv").read_text(encoding="utf-8").startswith("\ufeffstudent;verdict;points;")
    assert ";0,0;" in (course.root / "grades.csv").read_text(encoding="utf-8")
    assert (course.root / "grades-moodle.csv").read_text(encoding="utf-8").startswith("ID,")
    (course.root / "nbgrader_config.py").open("a").write('\nc.CourseList.language = "klingon"\n')
    assert "has to be one of: ca, de" in refused(capsys, NAME)


@pytest.mark.slow
def test_another_gradebook(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    write(place(course, "anna"), released(course))
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f'\nc.CourseDirectory.db_url = "sqlite:///{course.root}/another.db"\n')
    before = (course.root / "gradebook.db").read_bytes()
    assert main(["grade", NAME, "--no-feedback"]) == 0
    assert "another.db" in capsys.readouterr().out
    assert (course.root / "gradebook.db").read_bytes() == before
    assert not (course.root / "feedback").exists()


@pytest.mark.slow
def test_a_gradebook_that_was_removed_is_filled_again(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    write(place(course, "anna"), released(course))
    assert main(["grade", NAME]) == 0
    (course.root / "gradebook.db").unlink()
    assert main(["grade", NAME]) == 0
    assert score(course, "anna") == 0


@pytest.mark.simulator
@pytest.mark.slow
def test_only_what_changed_is_graded_again_unless_told_otherwise(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    for student in ("anna", "bert"):
        write(place(course, student), one_exercise(course))
    assert main(["grade", NAME]) == 0
    assert [score(course, student) for student in ("anna", "bert")] == [4, 4]
    first = capsys.readouterr().err
    assert "graded 1/1" in first, "equal content is graded once"
    assert main(["grade", NAME]) == 0
    assert capsys.readouterr().err == ""
    write(place(course, "bert"), one_exercise(course, "another"))
    assert main(["grade", NAME, "--student", "bert"]) == 0
    again = capsys.readouterr().err
    assert "graded 1/1 bert" in again
    assert "anna" not in again
    assert main(["grade", NAME, "--force", "--student", "anna"]) == 0
    assert "graded 1/1 anna" in capsys.readouterr().err


@pytest.mark.simulator
@pytest.mark.slow
def test_ctrl_c_loses_nothing_and_leaves_no_process(course: Course) -> None:
    for number in range(4):
        write(place(course, f"student-{number}"), one_exercise(course, f"number {number}"))
    command = [sys.executable, "-m", "autograder", "grade", NAME, "--jobs", "2"]
    process = subprocess.Popen(command, cwd=course.root, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    told = process.stderr.readline()
    assert told.startswith("graded 1/4") and "4 of 12" in told, told
    while not (children := psutil.Process(process.pid).children(recursive=True)):
        time.sleep(0.05)  # until the next runs are on their way
    os.kill(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(PATIENCE) == 130
    assert "Stopped." in rest
    assert "Traceback" not in rest
    _, alive = psutil.wait_procs(children, timeout=PATIENCE)
    assert not alive
    finished = told.split()[2].rstrip(":")
    assert len(list((course.root / FOLDER / NAME / "by-key").iterdir())) >= 1
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    graded_anew = [line for line in done.stderr.splitlines() if line.startswith("graded ")]
    assert graded_anew
    assert not any(f" {finished}:" in line for line in graded_anew)
    for number in range(4):
        report = Store(course.root / FOLDER, NAME).of_student(f"student-{number}")
        assert report is not None and report.points == 4


@pytest.mark.simulator
@pytest.mark.slow
def test_when_the_simulator_breaks_nobody_is_charged_and_the_next_time_it_is_tried_again(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    write(place(course, "anna"), one_exercise(course))
    configuration = course.root / "nbgrader_config.py"
    right = configuration.read_text(encoding="utf-8")
    no_time = 'c.GradeInSimulator.limits = {"start": 0.01}  # seconds in which no simulator comes up'
    configuration.write_text(f"{right}\n{no_time}\n", encoding="utf-8")
    assert main(["grade", NAME]) == 1
    table = capsys.readouterr().out
    assert "infrastructure" in table
    assert "1 for you to look at" in table
    assert score(course, "anna") is None
    assert not (course.root / "autograded" / "anna" / NAME).exists()
    assert not (course.root / FOLDER / NAME / "by-key").exists()
    configuration.write_text(right, encoding="utf-8")
    assert main(["grade", NAME]) == 0
    assert score(course, "anna") == 4
