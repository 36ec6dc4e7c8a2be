"""Playing an exercise of a report again: the same code, in the same scenarios, from the same seed."""

from collections.abc import Iterator, Mapping

from autograder.course import Course, CourseError
from autograder.grading.budget import Budget
from autograder.grading.cache_key import content_key, rubric_version
from autograder.grading.cross_play import CrossPlay
from autograder.grading.grade import Grader, versions
from autograder.grading.reference import Reference
from autograder.report import words
from autograder.report.model import CheckResult, ExerciseReport, Report
from autograder.rubric.model import Assignment, Exercise
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import level
from autograder.simulator.series import RunSeries
from autograder.submission.model import Submission


def seed_of(report: Report, exercise: Exercise) -> int:
    """Return the seed from which an exercise was played.

    Raises:
        CourseError: when it was not played, or not from one seed.
    """
    found = next((one for one in report.exercises if one.name == exercise.name), None)
    if found is None:
        raise CourseError(f"the report has no exercise {exercise.name}; it is of another version of the assignment.")
    if not found.runs:
        raise CourseError(f"{exercise.name} was not run: {found.reason or 'the report does not say why'}")
    seed, *others = {run.seed for run in found.runs}
    if others:
        raise CourseError(f"the runs of {exercise.name} have several seeds: its scenarios have to have cast.seed.")
    return seed


def why_not_the_same(
    report: Report, submission: Submission, assignment: Assignment, course: Course, settings: RunSettings
) -> str:
    """Return why a grading here would judge something else than a report did; nothing when it would not."""
    if submission.fatal:
        return " ".join(problem.message for problem in submission.fatal)
    if content_key(submission, assignment, course, settings) == report.key:
        return ""
    if report.versions != versions():
        return f"the report was made with {_listed(report.versions)}, and here there is {_listed(versions())}."
    if report.isolation != level(settings.isolation):
        return f"its runs were isolated in another way: {report.isolation}, and here {level(settings.isolation)}."
    return "the notebook has changed since the report was made, or the course, its limits, or the version of Python."


def replay(
    report: Report,
    exercise: Exercise,
    submission: Submission,
    assignment: Assignment,
    course: Course,
    settings: RunSettings,
) -> ExerciseReport:
    """Play an exercise again as it was played for a report, and judge it. Nothing is looked up, and nothing kept.

    What it builds on is taken from the report: where that was not passed, a stand-in takes its place again.

    Raises:
        CourseError: as `seed_of`, and when the course folder lacks a part of the assignment.
    """
    seed, earlier = seed_of(report, exercise), {one.name: one for one in report.exercises}
    with RunSeries(settings.isolation) as series:
        cross_play = CrossPlay(
            assignment,
            Reference.of(course, assignment),
            rubric_version(assignment, course),
            seed,
            settings,
            series,
            Budget(settings.limits),
        )
        return Grader(submission, cross_play).grade_exercise(exercise, earlier)


def differences(before: ExerciseReport, after: ExerciseReport) -> Iterator[str]:
    """Say which checks came out differently, one sentence each."""
    old, new = ({check.name: check for check in one.checks} for one in (before, after))
    for name in dict.fromkeys([*old, *new]):
        was, now = _outcome(old.get(name)), _outcome(new.get(name))
        if was != now:
            yield f"{name} was {was} and is now {now}"


def _outcome(check: CheckResult | None) -> str:
    if check is None:
        return "not there"
    told = f"{check.verdict}, {words.points(check.points, check.max_points)}"
    return f"{told} ({check.code})" if check.code else told


def _listed(found: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items())) or "no version that it names"
