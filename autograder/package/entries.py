"""A report as a list of results, as services show it: what to try next, each check, and each run with its picture."""

from dataclasses import dataclass, replace

from autograder.report import words
from autograder.report.model import CheckResult, ExerciseReport, Report, RunSummary, Verdict
from autograder.report.sanitize import visible


@dataclass(frozen=True)
class Entry:
    """A line of the list that opens.

    Attributes:
        number: such as ``2`` for an exercise, or ``2.1`` for what belongs to it.
        title: the line itself, safe to look at, but not escaped for HTML.
        said: what stands in it, as pairs of a label and a text, of which neither is true yet.
        check: the check that it is about; None where it has no points.
        run: the run that it is about, if any.
    """

    number: str
    title: str
    said: words.Lines
    check: CheckResult | None = None
    run: RunSummary | None = None


def entries(report: Report) -> list[Entry]:
    """Return the list for a report."""
    return [entry for n, one in enumerate(report.exercises, 1) for entry in _of_exercise(str(n), one)]


def _of_exercise(number: str, exercise: ExerciseReport) -> list[Entry]:
    title = exercise.title.removeprefix(number).strip()
    earned = words.points(exercise.points, exercise.max_points)
    head = Entry(number, visible(f"{title}: {words.mark(exercise.verdict)}, {earned}"), _about(exercise))
    elsewhere = [("reason", f"see {number}")] if words.common_lines(exercise) else None
    checks = [Entry("", visible(check.title), elsewhere or _lines(check), check=check) for check in exercise.checks]
    runs = [Entry("", _title(run), [], run=run) for run in words.telling_first(exercise.runs)]
    return [head, *(replace(entry, number=f"{number}.{n}") for n, entry in enumerate([*checks, *runs], 1))]


def _title(run: RunSummary) -> str:
    return visible(f"Run {run.scenario}: who received what from whom")


def _lines(check: CheckResult) -> words.Lines:
    """Return all about a check: each line of the list opens by itself, so none can say that it is as above."""
    expected = check.expected if check.expected != check.title else ""
    said = [("expected", expected), ("seen", check.seen), ("hint", check.hint), *words.in_depth(check)]
    return _without_links([(label, text) for label, text in said if text])


def _about(exercise: ExerciseReport) -> words.Lines:
    """Return what is to be said before the checks."""
    first = words.next_step(exercise)
    next_step = [("try next", first.hint), *words.in_depth(first)] if first else []
    notes = [("note", note) for note in words.notes(exercise)]
    return _without_links([*words.common_lines(exercise), *next_step, *notes])


def _without_links(said: words.Lines) -> words.Lines:
    """Say in words which section is to be read: the notebook is not on the page."""
    return [("look up", words.section_in_words(text)) if label == words.READ else (label, text) for label, text in said]


def summary(report: Report) -> words.Lines:
    """Return what is to be said of the whole submission."""
    if report.verdict is Verdict.NOT_GRADABLE:
        return [("reason", problem.message) for problem in report.problems]
    remarks = [("note", remark) for remark in report.remarks]
    return [("total", words.points(report.points, report.max_points)), *remarks, ("isolation", report.isolation)]
