"""The command ``new``: an assignment that works at once, what is refused, and what ``verify`` then says is missing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, samples
from autograder.cli import main
from autograder.course import Course, CourseError
from autograder.grading.cache_key import rubric_version
from autograder.notebook.assignments import all_assignments
from autograder.notebook.checking import find
from autograder.notebook.user_errors import NotReady
from autograder.release import parts
from autograder.release.scenarios import scenarios
from autograder.scaffold.lay_out import lay_out
from tests.tools.course_folder import CHECKOUT

NAME = "swarm_learning"
MODULE = f"source/{NAME}/{NAME}_exercises.py"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course folder of an instructor who only installed the package, with a new assignment."""
    root = tmp_path_factory.mktemp("template")
    (root / "source").mkdir()
    shutil.copy(CHECKOUT.root / "nbgrader_config.py", root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert main(["new", NAME, "--title", "Swarm learning, by Zoë"]) == 0
    return Course(root)


@pytest.fixture
def course(template: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The same, to change, as the current folder."""
    root = Path(shutil.copytree(template.root, tmp_path / "course"))
    monkeypatch.chdir(root)
    return Course(root)


def contents(course: Course) -> dict[str, bytes]:
    return {str(path.relative_to(course.root)): path.read_bytes() for path in course.root.rglob("*") if path.is_file()}


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_it_is_an_assignment_of_that_name_and_title(course: Course) -> None:
    assignment = assignments.load(NAME)
    assert (assignment.name, assignment.title) == (NAME, "Swarm learning, by Zoë")
    notebook = nbformat.read(course.source(NAME), as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith("# Swarm learning, by Zoë\n")
    assert not [name for name, text in contents(course).items() if b"new_assignment" in text.lower()]


def test_without_a_title_it_is_made_of_the_name(course: Course) -> None:
    lay_out(course, "ring_of_sites")
    assert assignments.load("ring_of_sites").title == "Ring of sites"


def test_the_folders_own_assignments_come_first(course: Course) -> None:
    assert assignments.names() == [NAME, *assignments.LADDER]


@pytest.mark.parametrize("name", ["", "Swarm", "2nd", "../x", "a b", "a-b", "ä", "a" * 61, "a\n"])
def test_a_name_that_cannot_be_one(course: Course, capsys: pytest.CaptureFixture[str], name: str) -> None:
    before = contents(course)
    assert "cannot be the name of an assignment" in refused(capsys, "new", name)
    assert contents(course) == before


@pytest.mark.parametrize("title", ['say "hi"', "a\\", "{x}", " x", "two\nlines", "x" * 101])
def test_a_title_that_cannot_be_one(course: Course, capsys: pytest.CaptureFixture[str], title: str) -> None:
    assert "cannot be the title" in refused(capsys, "new", "another", "--title", title)


@pytest.mark.parametrize("there", [f"source/{NAME}", f"solutions/{NAME}", f"samples/{NAME}"])
def test_nothing_is_overwritten(course: Course, capsys: pytest.CaptureFixture[str], there: str) -> None:
    for folder in ("source", "solutions", "samples"):
        if f"{folder}/{NAME}" != there:
            shutil.rmtree(course.root / folder / NAME)
    before = contents(course)
    assert f"{there} is there already" in refused(capsys, "new", NAME)
    assert contents(course) == before


def test_a_name_of_the_packages_own(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is an assignment p2p_communication already" in refused(capsys, "new", "p2p_communication")


def test_outside_of_a_course_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is not in a course folder" in refused(capsys, "new", NAME)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def (", "cannot be loaded: SyntaxError"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError"),
        ("x = 1", "has no ASSIGNMENT"),
        (
            "from dataclasses import replace\nfrom autograder.assignments.p2p_communication import ASSIGNMENT\n"
            'ASSIGNMENT = replace(ASSIGNMENT, name="swarm_learning", limits={"memroy": 1})',
            "has a wrong ASSIGNMENT.limits: there is no limit memroy",
        ),
        ("from autograder.assignments.p2p_communication import ASSIGNMENT", "has to be 'swarm_learning' there"),
    ],
)
def test_a_module_that_cannot_be_used_is_told_in_one_line(
    course: Course, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (course.root / MODULE).write_text(text)
    assert said in refused(capsys, "verify", NAME)
    with pytest.raises(NotReady, match="Download the file again"):
        all_assignments()


def test_the_module_is_loaded_anew_when_it_changes_and_leaves_no_bytecode(course: Course) -> None:
    assignments.load(NAME)
    path = course.root / MODULE
    path.write_text(path.read_text(encoding="utf-8").replace("1 Report", "1 Tell"), encoding="utf-8")
    assert assignments.load(NAME).exercises[0].title == "1 Tell"
    assert not list(course.root.rglob("__pycache__"))


def test_what_was_graded_by_another_module_is_graded_again(course: Course) -> None:
    before = rubric_version(assignments.load(NAME), course)
    with (course.root / MODULE).open("a") as file:
        file.write("# another remark\n")
    assert rubric_version(assignments.load(NAME), course) != before


def test_a_students_notebook_finds_its_exercises_beside_it(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "student").mkdir()
    shutil.copy(course.root / MODULE, tmp_path / "student")
    monkeypatch.chdir(tmp_path / "student")
    assignment, exercise = find("report", {})
    assert (assignment.name, exercise.name) == (NAME, "report")
    assert find("execute", {})[0].name == "p2p_communication"


@pytest.mark.slow
def test_it_is_released_and_verified_at_once(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", NAME]) == 0
    assert main(["verify", NAME]) == 0
    assert capsys.readouterr().out.endswith(f"{NAME}: the release is in order\n")
    released = {path.name for path in (course.root / "release" / NAME).iterdir()}
    assert released == {f"{NAME}.ipynb", f"{NAME}_exercises.py"}


def edit(place: str, old: str, new: str) -> Callable[[Course], None]:
    def edited(course: Course) -> None:
        path = course.root / place.replace("NAME", NAME)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edited


def remove(place: str) -> Callable[[Course], None]:
    return lambda course: (course.root / place.replace("NAME", NAME)).unlink()


ANSWERS, PEERS = "solutions/NAME/NAME.py", "solutions/NAME/peers.py"


@pytest.mark.parametrize(
    ("how", "code", "data"),
    [
        (
            edit(ANSWERS, "# %% [report]", "# %% [notebook]"),
            "answers.no_part",
            {"part": "report", "begins": "# %% [report]"},
        ),
        (edit(ANSWERS, "# %% [report]", "# %% report"), "file.no_percent_format", ...),
        (edit(ANSWERS, "class ReportingExecutor", "class Reporter"), "answers.no_class", {"name": "ReportingExecutor"}),
        (
            edit(PEERS, "class SilentPeer", "class Silent"),
            "part.no_peer",
            {"name": "SilentPeer", "place": f"solutions/{NAME}/peers.py"},
        ),
        (edit(PEERS, "class SilentPeer", "class (Silent"), "file.unreadable", ...),
        (
            edit(MODULE, "cast.random.sample(SITES, 2)", "nothing"),
            "play.raises",
            {"play": "cross_play", "error": "NameError: name 'nothing' is not defined"},
        ),
    ],
)
def test_a_part_that_cannot_be_right_is_told(
    course: Course, how: Callable[[Course], None], code: str, data: dict[str, str]
) -> None:
    """Where ``data`` is left open, it is text of Python's."""
    how(course)
    assignment = assignments.load(NAME)
    faults = [*parts.answers(course, assignment), *scenarios(course, assignment)]
    assert any(fault.code == code and data in (..., fault.data) for fault in faults), faults


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (remove("source/NAME/NAME.ipynb"), "the notebook with the stubs"),
        (remove(ANSWERS), "the model answers"),
        (remove(PEERS), "the reference peers"),
    ],
)
def test_verify_says_what_is_missing(
    course: Course, capsys: pytest.CaptureFixture[str], how: Callable[[Course], None], said: str
) -> None:
    how(course)
    assert main(["verify", NAME]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.sampled(0)  # it takes a minute on a busy machine
@pytest.mark.slow
def test_verify_says_which_cells_are_missing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    edit("source/NAME/NAME.ipynb", '"test_report"', '"check_report"')(course)
    edit("source/NAME/NAME.ipynb", '"grade_id": "imports"', '"grade_id": "x"')(course)
    assert main(["release", NAME]) == 0
    assert main(["verify", NAME]) == 1
    said = capsys.readouterr().out
    assert "cell imports\n    There is no code cell of this name" in said
    assert "cell test_report\n    There is no check cell of this name" in said


def test_verify_says_that_the_exercises_are_missing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / MODULE).unlink()
    assert f"source/{NAME}/ lacks {NAME}_exercises.py" in refused(capsys, "verify", NAME)


@pytest.mark.simulator
@pytest.mark.slow
def test_the_model_answer_and_the_samples_get_exactly_what_they_must(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["release", NAME]) == 0
    assert {sample.kind for sample in samples.load_all(course.samples(NAME))} == {samples.CORRECT, samples.MISTAKE}
    assert main(["demo", NAME]) == 0, capsys.readouterr()
    assert "All 7 sample submissions got exactly what they must." in capsys.readouterr().out
    assert main(["repeat", NAME, "--times", "1", "--jobs", "1"]) == 0


def test_a_broken_skeleton_leaves_nothing_half_written(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.scaffold.lay_out.SKELETON", course.root / "nowhere")
    before = contents(course)
    with pytest.raises((OSError, CourseError)):
        lay_out(course, "another")
    assert contents(course) == before
