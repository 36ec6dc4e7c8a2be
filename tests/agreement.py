"""Compares a student's own check with grading, for every submission of the corpus: ``python -m tests.agreement``.

Writes ``docs/agreement.md``. The corpus is the sample submissions and those in ``tests/failing``. Where the two differ
the page names the reason; a difference without one ends the command with status 1.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import exercises, samples
from autograder.course import Course
from autograder.grading.grade import grade_submission
from autograder.grading.notebook_program import part_for
from autograder.grading.own import check_own
from autograder.grading.reference import Reference
from autograder.grading.store import Store
from autograder.grading.student_part import NoSuchClass
from autograder.report.model import Report, Verdict
from autograder.rubric.model import Assignment, Exercise
from autograder.submission.model import Cell, Submission
from autograder.submission.percent import read_parts
from tests import failing

NAME = "p2p_communication"
PAGE = Path(__file__).parents[1] / "docs" / "agreement.md"

_HEAD = """# Own check and grading, compared

`make agreement` writes this page: every sample submission, and every one in `tests/failing`, is checked as a student
would check it, all cells run from the top, and graded. A cell of the table shows the points of the own check and of
grading, or one number where they are equal.

{equal} of {all} results are equal. The others differ for the reason in the last column:

- *stand-in*: grading puts a stand-in in the place of an earlier exercise that is not right. A student's own check does
  not.
- *needs cells below its check*: the cells were moved, so a student has run them in another order. Grading looks for
  what is missing further down.

| submission | {titles} | why they differ |
|---|{rules}---|
"""


@dataclass(frozen=True)
class Compared:
    """The points of a submission for each exercise, by the own check and by grading, and why they may differ."""

    name: str
    points: dict[str, tuple[float, float]]
    reasons: dict[str, str]

    @property
    def unexplained(self) -> list[str]:
        """The exercises whose results differ without a reason."""
        return [name for name, (own, graded) in self.points.items() if own != graded and name not in self.reasons]


def compare(name: str, submission: Submission, assignment: Assignment, course: Course, results: Store) -> Compared:
    """Check and grade one submission."""
    report = grade_submission(submission, assignment, course, results=results)
    points, reasons = {}, {}
    for exercise, graded in zip(assignment.exercises, report.exercises, strict=True):
        own = check_own(_ran_before(submission.cells, exercise), exercise, assignment).report
        points[exercise.name] = (own.points, graded.points)
        if unsolved := _unsolved(exercise, report):
            reasons[exercise.name] = f"{exercise.title}: stand-in for {' and '.join(unsolved)}"
        elif _rests_on_what_is_below(exercise, submission, assignment, course):
            reasons[exercise.name] = f"{exercise.title}: needs cells below its check"
    return Compared(name, points, reasons)


def corpus(assignment: Assignment, course: Course) -> Iterator[tuple[str, Submission]]:
    """All submissions, by name."""
    release = nbformat.read(course.release(assignment.name), as_version=4)
    answers = read_parts((course.solutions(assignment.name) / f"{assignment.name}.py").read_text(encoding="utf-8"))
    for sample in samples.load_all(course.samples(assignment.name)):
        yield f"{sample.kind}/{sample.name}", failing.submission_of(samples.notebook(sample, release, answers))
    for one in failing.load_all():
        yield f"{one.kind}/{one.name}", one.submission


def _ran_before(cells: Sequence[Cell], exercise: Exercise) -> list[Cell]:
    """The cells that have run when a student who goes from top to bottom checks an exercise."""
    ends = [index for index, cell in enumerate(cells) if cell.grade_id == exercise.check_cell]
    return list(cells[: ends[-1] + 1] if ends else cells)


def _rests_on_what_is_below(exercise: Exercise, submission: Submission, assignment: Assignment, course: Course) -> bool:
    try:
        program = part_for(exercise, submission.cells, assignment, Reference.of(course, assignment)).program
    except NoSuchClass:
        return False
    return len(program.cells) > program.stop


def _unsolved(exercise: Exercise, report: Report) -> list[str]:
    passed = {one.name for one in report.exercises if one.verdict is Verdict.PASSED}
    return [name for name in exercise.needs if name not in passed]


def page(found: Sequence[Compared], assignment: Assignment) -> str:
    """The page as Markdown."""
    titles = [exercise.title for exercise in assignment.exercises]
    pairs = [pair for one in found for pair in one.points.values()]
    equal = sum(own == graded for own, graded in pairs)
    head = _HEAD.format(equal=equal, all=len(pairs), titles=" | ".join(titles), rules="---|" * len(titles))
    return head + "".join(_row(one) for one in found)


def _row(one: Compared) -> str:
    shown = [f"{own:g}" if own == graded else f"{own:g} / {graded:g}" for own, graded in one.points.values()]
    differ = [reason for name, reason in one.reasons.items() if one.points[name][0] != one.points[name][1]]
    why = "; ".join([*differ, *(f"**{name}: unexplained**" for name in one.unexplained)])
    return f"| {one.name} | {' | '.join(shown)} | {why} |\n"


def main() -> int:
    """Compare everything, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these submissions, without writing the page")
    parser.add_argument("--jobs", type=int, default=3, help="how many at once")
    arguments = parser.parse_args()
    course, assignment = Course(Path(__file__).parents[1]), exercises.load(NAME)
    chosen = [(name, one) for name, one in corpus(assignment, course) if _is_wanted(name, arguments.names)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        results = Store(Path(folder), NAME)
        found = list(pool.map(lambda one: compare(*one, assignment, course, results), chosen))
    text = page(found, assignment)
    if arguments.names:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
    unexplained = [f"{one.name}: {name}" for one in found for name in one.unexplained]
    print("\n".join(unexplained) or f"{len(found)} submissions compared; no difference without a reason")
    return 1 if unexplained else 0


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or name.partition("/")[2] in wanted


if __name__ == "__main__":
    raise SystemExit(main())
