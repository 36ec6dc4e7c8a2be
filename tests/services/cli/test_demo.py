"""The sample class: made, graded, and compared with what it must get."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import assignments, samples
from autograder.cli.sample_class import Expected, choose_samples, copy_course, differences
from autograder.course import Course, CourseError
from autograder.report.model import CheckResult, ExerciseReport, Report, Verdict
from tests.tools.course_folder import CHECKOUT, NAME, PATIENCE, make_course

FEW = ("correct/fire_and_forget", "mistakes/execute_wrong_text")

GOOD = CheckResult("message", "It says hello", 1.0, 1.0, Verdict.PASSED, "", "")
BAD = replace(
    GOOD, name="once_each", points=0.0, verdict=Verdict.NOT_PASSED, hint="Look at `targets`.", code="targets.leave_out"
)
REPORT = Report(
    "p2p_communication",
    "",
    Verdict.NOT_PASSED,
    (ExerciseReport("execute", "Send", "test_execute", Verdict.NOT_PASSED, (GOOD, BAD)),),
)
EXPECTED = Expected(Verdict.NOT_PASSED, {"execute": 1.0}, {"execute": ("once_each",)}, {"execute": "targets.leave_out"})


def test_no_difference() -> None:
    assert differences(REPORT, EXPECTED) == []


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (replace(EXPECTED, verdict=Verdict.PASSED), "the verdict is not passed and should be passed"),
        (replace(EXPECTED, points={"execute": 2.0}), "execute has 1 points and should have 2"),
        (replace(EXPECTED, failed={"execute": ("message",)}), "of execute these checks do not pass: once_each"),
        (
            replace(EXPECTED, hints={"execute": "log.without_sender"}),
            "the hint of execute is targets.leave_out and should be log.without_sender",
        ),
        (
            replace(EXPECTED, points={"execute": 1.0, "listen": 1.0}),
            "points are expected of execute, listen, and there are execute",
        ),
        (replace(EXPECTED, points={"listen": 1.0}), "points are expected of listen, and there are execute"),
        (replace(EXPECTED, problem="file.not_json"), "the problem is none and should be file.not_json"),
    ],
)
def test_every_difference_is_told(expected: Expected, said: str) -> None:
    assert differences(REPORT, expected) == [said]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match="holds something else"):
        copy_course(CHECKOUT, tmp_path)
    with pytest.raises(CourseError, match="holds something else"):
        copy_course(CHECKOUT, tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_course_itself_is_no_place_for_the_sample_class() -> None:
    for folder in (CHECKOUT.root, CHECKOUT.root.parent):
        with pytest.raises(CourseError, match="holds the course itself"):
            copy_course(CHECKOUT, folder)


@pytest.fixture
def checkout(tmp_path: Path) -> Course:
    """A checkout with few samples."""
    root = tmp_path / "a checkout"
    copy_course(CHECKOUT, root)
    for sample in FEW:
        shutil.copytree(CHECKOUT.samples(NAME) / sample, Course(root).samples(NAME) / sample)
    return Course(root)


def demo(checkout: Course, *assignment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "demo", *assignment, "--jobs", "3"]
    return subprocess.run(command, cwd=checkout.root, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.simulator
@pytest.mark.slow
def test_from_nothing_to_a_graded_class_and_once_more(checkout: Course) -> None:
    first = demo(checkout, NAME)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "All 7 sample submissions got exactly what they must." in first.stdout
    assert "There is no notebook in" in first.stdout
    assert (checkout.root / "demo" / "feedback" / "fire_and_forget").is_dir()

    second = demo(checkout, NAME)
    assert second.returncode == 0
    assert second.stdout == first.stdout
    assert "fire_and_forget" not in second.stderr, "nothing is done twice"

    wrong = checkout.samples(NAME) / "correct" / "fire_and_forget" / "expected.toml"
    wrong.write_text(wrong.read_text().replace("execute = 4", "execute = 3", 1))
    third = demo(checkout, NAME)
    assert third.returncode == 1
    assert "DIFFERS  fire_and_forget: execute has 4 points and should have 3" in third.stdout


def test_every_check_of_an_assignment_costs_somebody_of_the_class_points() -> None:
    for name in assignments.LADDER:
        found = samples.load_all(CHECKOUT.samples(name))
        chosen = choose_samples(found)
        first = {(exercise, failed[0]) for sample in chosen.values() for exercise, failed in sample.failed.items()}
        assert first == {(one.name, check.name) for one in assignments.load(name).exercises for check in one.checks}
        assert not chosen["ada"].failed


@pytest.mark.simulator
@pytest.mark.slow
def test_one_class_does_the_whole_course(checkout: Course) -> None:
    few = {
        "reliable_messaging": ("correct/a_lock_for_each_sender", "mistakes/deliver_logs_nothing"),
        "average_consensus": ("correct/counts_results", "mistakes/metropolis_all_sites"),
    }
    for name, names in few.items():
        for sample in names:
            shutil.copytree(CHECKOUT.samples(name) / sample, Course(checkout.root).samples(name) / sample)
    done = demo(checkout)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("All 2 sample submissions got exactly what they must.") == 3
    pages = checkout.root / "demo" / "class-report"
    assert "ada,36.0,36.0,12,12,12" in (pages / "course.csv").read_text().replace("12.0", "12")
    assert all(f"{name}.html" in (pages / "index.html").read_text() for name in assignments.LADDER)
    assert (checkout.root / "demo" / "grades-moodle-average_consensus.csv").is_file()


@pytest.mark.slow
def test_where_the_source_has_changed_it_says_what_to_do(checkout: Course) -> None:
    course = make_course(checkout.root / "demo")
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(NAME, "ada")
    shutil.copy(checkout.source(NAME), checkout.source(NAME).with_name("a_second_one.ipynb"))
    (course.root / "submitted").mkdir()

    done = demo(checkout, NAME)
    assert done.returncode == 2
    announced, told = done.stderr.splitlines()
    assert announced.startswith("2 sample submissions of p2p_communication are graded in the real simulator")
    assert f"The sample class in {course.root} was graded with another source/{NAME}/" in told
    assert "remove that folder" in told


def test_without_samples_it_says_what_to_do(tmp_path: Path) -> None:
    copy_course(CHECKOUT, tmp_path / "course")
    done = demo(Course(tmp_path / "course"))
    assert done.returncode == 2
    assert "run this in the course's own folder" in done.stderr
