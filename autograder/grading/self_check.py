"""The student's own runs and checks: all parts are theirs, and no code of the course's solutions is needed."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.grading.attempts import RunOutcome, play
from autograder.grading.judge import judge, not_defined, summary_of, unjudged
from autograder.grading.merits import on_its_merits
from autograder.grading.notebook_program import end_of, part_for
from autograder.grading.own_scenario import (
    as_race,
    classes_of,
    exercise_of,
    names_of_check,
    of_student,
    own_scenario,
    played_again,
    scenarios_of_check,
    with_faults,
)
from autograder.grading.progress import Progress, ProgressTeller
from autograder.grading.student_part import NoSuchClass, StudentPart
from autograder.report.model import ExerciseReport, RunSummary, Verdict
from autograder.rubric.catalogue import words_of
from autograder.rubric.model import Assignment, Exercise
from autograder.simulator.limits import Limits
from autograder.simulator.network.faults import Fault
from autograder.simulator.processes.unsandboxed import StandbySupervisor
from autograder.simulator.sandbox.commands import Isolation
from autograder.simulator.scenario import Part, Scenario
from autograder.simulator.series import RunSeries
from autograder.submission.model import Cell
from autograder.submission.program import Program

Tell = Callable[[Progress], None]
Faults = Sequence[Fault] | str | None

_NAMES = re.compile(r"""^\s*class (\w+)|\bcheck\(\s*["'](\w+)""", re.MULTILINE)
"""The classes that a cell defines, and the exercises that it checks."""

OWN_LIMITS = Limits(start=60.0, exercise=40.0, settle=8.0)
"""A student's machine runs one simulator at a time, so a run that takes longer is one that hangs."""

_RACE_SETTLE = 2.0


@dataclass(frozen=True)
class OwnRun:
    """A run of the student's classes.

    Attributes:
        raw_logs: each party's log, as NVFlare writes it to ``log.json``, in readable lines.
        problem: why there was no run that could be shown, for the student; empty when there was one.
    """

    summary: RunSummary | None
    raw_logs: dict[str, str]
    problem: str = ""


def run_own(
    cells: Sequence[Cell],
    assignment: Assignment,
    executor_class: str,
    controller_class: str,
    *,
    barrier: bool = True,
    faults: Faults = None,
    seed: int = 0,
    tell: Tell | None = None,
    standby: StandbySupervisor | None = None,
) -> OwnRun:
    """Run a student's executor under a controller, as the exercise's `own_play` says, and return what happened.

    Args:
        cells: the notebook's code cells, the given ones included.
        controller_class: empty for the one that the exercise's `own_play` names.
        barrier: whether the course's start barrier runs first. Without it the run is a race: see `as_race`.
        faults: those of the network, in place of the declared ones; or the name of a run of the exercise's check, which
            is then played as it was with this seed.
        seed: from which faults are drawn.
        tell: is called while the run goes on.
        standby: as in `RunSeries`.
    """

    def scenario_with(student: Callable[[str], Part]) -> Scenario | None:
        if isinstance(faults, str):
            return played_again(assignment, executor_class, faults, student, seed)
        scenario = own_scenario(assignment, executor_class, controller_class, student)
        return scenario if faults is None else with_faults(scenario, faults, seed)

    planned = scenario_with(of_student)
    if planned is None:
        names = names_of_check(assignment, executor_class)
        return OwnRun(None, {}, f"No check has a run called {faults!r}. There is: {', '.join(names)}.")
    student, problem = _laid_out(cells, assignment, classes_of(planned))
    if student is None:
        return OwnRun(None, {}, problem)
    scenario = scenario_with(student.part)
    assert scenario is not None, "who runs it does not decide whether there is one"
    if not barrier:
        scenario = as_race(scenario)
    played = _play(scenario, student, assignment, tell, standby)
    absent = not_defined([played.played])
    problem = f"No cell defines the class {absent}. {words_of(student.why_absent(absent))}" if absent else ""
    summary = None if absent else summary_of(played, exercise_of(assignment, executor_class))
    return OwnRun(summary, _raw_logs([played]), problem or played.trouble)


@dataclass(frozen=True)
class OwnCheck:
    """The report of an exercise on a run of the student's classes, and the logs of that run, as in `OwnRun`.

    Attributes:
        faulty: the runs in which the network had faults: for each its name and its seed.
    """

    report: ExerciseReport
    raw_logs: dict[str, str]
    faulty: tuple[tuple[str, int], ...] = ()


Known = dict[tuple[str, Program], ExerciseReport]
"""Reports of exercises that were checked before, by the program that was run."""


def check_own(
    cells: Sequence[Cell],
    exercise: Exercise,
    assignment: Assignment,
    *,
    tell: Tell | None = None,
    known: Known | None = None,
    standby: StandbySupervisor | None = None,
) -> OwnCheck:
    """Judge an exercise on runs of the student's own classes, as grading does.

    Where grading needs no reference peers these are the scenarios for grading; else it is a run in which all parts are
    the student's.

    Args:
        known: what earlier checks found. An exercise on which this one builds is run only when it is not in there.
        standby: as in `RunSeries`.
    """
    check = _Check(_named(cells, assignment), assignment, tell, {} if known is None else known, standby)
    report = check.report(exercise)
    return OwnCheck(report, check.raw_logs, check.faulty)


@dataclass
class _Check:
    cells: Sequence[Cell]
    assignment: Assignment
    tell: Tell | None
    known: Known
    standby: StandbySupervisor | None
    raw_logs: dict[str, str] = field(default_factory=dict)
    faulty: tuple[tuple[str, int], ...] = ()

    def report(self, exercise: Exercise) -> ExerciseReport:
        """Judge an exercise. Those on which it builds are looked at only when it is not passed as it is."""
        try:
            alone = self._judged(exercise, student := self._laid_out(exercise))
        except NoSuchClass as error:
            return unjudged(exercise, Verdict.NOT_PASSED, str(error), error.hint)
        report = self._on_its_merits(exercise, alone) if alone.verdict is Verdict.NOT_PASSED else alone
        if report.verdict is not Verdict.INFRASTRUCTURE:
            self.known[exercise.name, student.program] = report
        return report

    def _on_its_merits(self, exercise: Exercise, alone: ExerciseReport) -> ExerciseReport:
        def judged(stand_ins: Sequence[str], notes: Sequence[str]) -> ExerciseReport:
            if not stand_ins:
                return alone
            report = self._judged(exercise, self._laid_out(exercise, stand_ins))
            return replace(report, notes=(*notes, *report.notes))

        return on_its_merits(judged, [name for name in exercise.needs if not self._is_passed(name)])

    def _is_passed(self, name: str) -> bool:
        """Return whether an earlier exercise is passed, as the notebook was when its check was reached."""
        need = self.assignment.exercise(name)
        cells = self.cells[: end_of(need, self.cells, self.assignment) + 1]
        check = _Check(cells, self.assignment, self.tell, self.known, self.standby)
        try:
            kept = self.known.get((name, check._laid_out(need).program))
        except NoSuchClass:
            return False
        return (kept or check.report(need)).verdict is Verdict.PASSED

    def _judged(self, exercise: Exercise, student: StudentPart) -> ExerciseReport:
        plays: list[RunOutcome] = []
        scenarios = scenarios_of_check(exercise, student.part, secrets.randbits(32))
        self.faulty = tuple((one.name, one.seed) for one in scenarios if one.faults.faults)
        for scenario in scenarios:
            plays.append(_play(scenario, student, self.assignment, self.tell, self.standby))
            if plays[-1].trouble:
                break
        self.raw_logs = _raw_logs(plays)
        return judge(exercise, plays, student)

    def _laid_out(self, exercise: Exercise, stand_ins: Sequence[str] = ()) -> StudentPart:
        return part_for(exercise, self.cells, self.assignment, stand_ins=stand_ins, whole=True)


def _laid_out(cells: Sequence[Cell], assignment: Assignment, classes: Sequence[str]) -> tuple[StudentPart | None, str]:
    try:
        return StudentPart.of(_named(cells, assignment), classes), ""
    except NoSuchClass as error:
        return None, f"{error} {words_of(error.hint)}"


def _named(cells: Sequence[Cell], assignment: Assignment) -> list[Cell]:
    """Return the cells with their names in the notebook, which a kernel does not know and hints use."""
    names = {name: exercise.name for exercise in assignment.exercises for name in exercise.classes}
    checks = {name: one.check_cell for one in assignment.exercises for name in (one.name, one.check_cell)}
    return [Cell(_name_of(cell, names) or _name_of(cell, checks), cell.source) for cell in cells]


def _name_of(cell: Cell, names: Mapping[str, str]) -> str | None:
    found = (defined or checked for defined, checked in _NAMES.findall(cell.source))
    return next((names[name] for name in found if name in names), None)


def own_limits(assignment: Assignment, *, barrier: bool) -> Limits:
    """Return the limits of a student's own run: those of the assignment over the ones for own runs."""
    limits = OWN_LIMITS.changed(assignment.limits)
    # Without the start barrier messages get lost for good: there is little to wait for.
    return limits if barrier else replace(limits, settle=_RACE_SETTLE)


def _play(
    scenario: Scenario,
    student: StudentPart,
    assignment: Assignment,
    tell: Tell | None,
    standby: StandbySupervisor | None,
) -> RunOutcome:
    # It is the student's own code on the student's own machine: no sandbox, so it is the same on every system.
    limits = own_limits(assignment, barrier=scenario.barrier)
    watcher = ProgressTeller(scenario, tell, limits).watcher if tell else None
    with RunSeries(Isolation.NONE, standby=standby) as series:
        return play(scenario, student.locate, series=series, limits=limits, watcher=watcher)


def _raw_logs(plays: Sequence[RunOutcome]) -> dict[str, str]:
    """Return the logs of each party, from the last run in which it runs the student's code."""
    logs: dict[str, str] = {}
    for one in plays:
        lines: dict[str, list[str]] = {}
        for line in one.played.evidence.log_lines:
            parts = [line.time, line.logger, line.level, line.context, line.text]
            lines.setdefault(line.site, []).append(" - ".join(part for part in parts if part))
        own = one.played.scenario.students
        logs |= {site: "\n".join(told) for site, told in lines.items() if site not in logs or site in own}
    return logs
