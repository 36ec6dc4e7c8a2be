"""``python -m tests.corpus.agreement``: compare a student's own check with grading, for each submission of the corpus.

Writes ``docs/agreement.md``, a section for each assignment; those of others stay. The corpus is the sample submissions
of an assignment, and those in ``tests/corpus/failing``, which are of the first one. A difference ends the command with
status 1.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder import assignments, samples
from autograder.course import Course
from autograder.grading.grade import grade_submission
from autograder.grading.self_check import Known, check_own
from autograder.grading.store import Store
from autograder.rubric.model import Assignment, Exercise
from autograder.submission.model import Cell, Submission
from autograder.submission.percent import read_parts
from tests.corpus import failing
from tests.tools.course_folder import CHECKOUT

PAGE = Path(__file__).parents[2] / "docs" / "agreement.md"

_HEAD = """# Own check and grading, compared

`make agreement` writes this page: every sample submission, and every one in `tests/corpus/failing`, is checked as a
student would check it, all cells run from the top, and graded. A cell of the table shows the points of the own check
and of grading, or one number where they are equal. An assignment has its section once it was compared as a whole:
`python -m tests.corpus.agreement --assignment average_consensus` compares one.
"""
_SECTION = """
## {name}

{equal} of {all} results are equal.

| submission | {titles} |
|---|{rules}
"""
_SECTIONS = re.compile(r"\n## (?P<name>\w+)\n.*?(?=\n## |\Z)", re.DOTALL)


@dataclass(frozen=True)
class Compared:
    """The points of a submission for each exercise, by the own check and by grading."""

    name: str
    points: dict[str, tuple[float, float]]

    @property
    def different(self) -> list[str]:
        """The exercises whose results differ."""
        return [name for name, (own, graded) in self.points.items() if own != graded]


def compare(name: str, submission: Submission, assignment: Assignment, course: Course, results: Store) -> Compared:
    """Check and grade one submission."""
    report = grade_submission(submission, assignment, course, results=results)
    points, known = {}, Known()
    for exercise, graded in zip(assignment.exercises, report.exercises, strict=True):
        cells = ran_before(submission.cells, exercise)
        own = check_own(cells, exercise, assignment, known=known).report
        points[exercise.name] = (own.points, graded.points)
    return Compared(name, points)


def corpus(assignment: Assignment, course: Course) -> Iterator[tuple[str, Submission]]:
    """All submissions, by name."""
    release = nbformat.read(course.release(assignment.name), as_version=4)
    answers = read_parts((course.solutions(assignment.name) / f"{assignment.name}.py").read_text(encoding="utf-8"))
    for sample in samples.load_all(course.samples(assignment.name)):
        yield (
            f"{sample.kind}/{sample.name}",
            failing.submission_of(samples.notebook(sample, release, answers), assignment),
        )
    if assignment == failing.ASSIGNMENT:
        for one in failing.load_all():
            yield f"{one.kind}/{one.name}", one.submission


def ran_before(cells: Sequence[Cell], exercise: Exercise) -> list[Cell]:
    """Return the cells that have run when a student checks an exercise, in the order in which they ran last.

    The student goes from top to bottom. Where cells were moved above what they need, that is not enough; then the whole
    notebook has run before, and what stands below the check has run first.
    """
    ends = [index for index, cell in enumerate(cells) if cell.grade_id == exercise.check_cell]
    end = ends[-1] + 1 if ends else len(cells)
    moved = any(cell.grade_id in (exercise.name, *exercise.needs) for cell in cells[end:])
    return [*(cells[end:] if moved else ()), *cells[:end]]


def section(found: Sequence[Compared], assignment: Assignment) -> str:
    """The section of the page on an assignment, as Markdown."""
    titles = [exercise.title for exercise in assignment.exercises]
    pairs = [pair for one in found for pair in one.points.values()]
    equal = sum(own == graded for own, graded in pairs)
    head = _SECTION.format(
        name=assignment.name, equal=equal, all=len(pairs), titles=" | ".join(titles), rules="---|" * len(titles)
    )
    return head + "".join(_row(one) for one in found)


def page(before: str, new: dict[str, str]) -> str:
    """The page with new sections, in the order of the course; those of other assignments are as they were before."""
    sections = {found["name"]: found[0] for found in _SECTIONS.finditer(before)} | new
    return _HEAD + "".join(sections[name].rstrip("\n") + "\n" for name in assignments.LADDER if name in sections)


def _row(one: Compared) -> str:
    shown = [f"{own:g}" if own == graded else f"**{own:g} / {graded:g}**" for own, graded in one.points.values()]
    return f"| {one.name} | {' | '.join(shown)} |\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Compare everything, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.agreement", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these submissions, without writing the page")
    parser.add_argument("--assignment", choices=assignments.LADDER, help="only this assignment (default: all)")
    parser.add_argument("--jobs", type=int, default=3, help="how many at once")
    arguments = parser.parse_args(argv)
    sections, different = {}, []
    for name in [arguments.assignment] if arguments.assignment else assignments.LADDER:
        if not (found := _compared(assignments.load(name), arguments.names, arguments.jobs)):
            continue
        sections[name] = section(found, assignments.load(name))
        different += [f"{name}, {one.name}: {exercise}" for one in found for exercise in one.different]
        print(f"{sections[name]}\n{len(found)} submissions of {name} compared", flush=True)
    if not arguments.names:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), sections), encoding="utf-8")
    print("\n".join(different) or "no difference")
    return 1 if different else 0


def _compared(assignment: Assignment, names: Sequence[str], jobs: int) -> list[Compared]:
    """Compare the submissions of an assignment with these names; all of them when none is named."""
    chosen = [(name, one) for name, one in corpus(assignment, CHECKOUT) if _is_wanted(name, names)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        results = Store(Path(folder), assignment.name)
        return list(pool.map(lambda one: compare(one[0], one[1], assignment, CHECKOUT, results), chosen))


def _is_wanted(name: str, wanted: Sequence[str]) -> bool:
    return not wanted or name.partition("/")[2] in wanted


if __name__ == "__main__":
    raise SystemExit(main())
