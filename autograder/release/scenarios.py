"""Scenarios that cannot be right: those of each exercise are made for many seeds, and none is run.

An exercise draws with its seed, so what is wrong may be wrong for some of them only.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.course import Course
from autograder.release import places
from autograder.release.casting import Classes, Stage
from autograder.release.fault import Fault, Wrong
from autograder.release.scenario_rules import repeated, wrong_with
from autograder.rubric.model import Assignment
from autograder.simulator.scenario import Scenario

SEEDS = range(50)


def scenarios(course: Course, assignment: Assignment) -> list[Fault]:
    """Make each exercise's scenarios for grading, and for a student's own check, and find what is wrong with them.

    Raises:
        CourseError: when the notebook cannot be read.
    """
    classes = Classes.of(course, assignment)
    faults = list(_names(assignment))
    for exercise in assignment.exercises:
        seeds: dict[Hashable, list[int]] = {}
        first: dict[Hashable, Fault] = {}
        for seed in SEEDS:
            found = _Rehearsal(Stage(classes, assignment, exercise), seed).found
            first = found | first
            for key in found:
                seeds.setdefault(key, []).append(seed)
        faults += [_for_seeds(first[key], where) for key, where in seeds.items()]
    return list(dict.fromkeys(faults))


def _for_seeds(fault: Fault, seeds: Sequence[int]) -> Fault:
    if len(seeds) == len(SEEDS):
        return fault
    told = {"seeds": f"{len(seeds)} of {len(SEEDS)}", "first_seed": str(seeds[0])}
    return replace(fault, data={**fault.data, **told})


def _names(assignment: Assignment) -> Iterator[Fault]:
    """Find names that two exercises, check cells or checks of an exercise have."""
    exercises, whole = assignment.exercises, f"assignment {assignment.name}"
    named = [
        ("exercises.same_name", whole, [one.name for one in exercises]),
        ("check_cells.same_name", whole, [one.check_cell for one in exercises]),
        *(("checks.same_name", f"exercise {one.name}", [check.name for check in one.checks]) for one in exercises),
    ]
    for code, where, names in named:
        for name in repeated(names):
            yield Fault(where, code, {"name": name})


class _Rehearsal:
    """The scenarios of an exercise for one seed.

    Attributes:
        found: what is wrong with them, by what it has in common with the same fault for another seed.
    """

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._exercise = exercise = stage.exercise
        self._seed = seed
        self.found: dict[Hashable, Fault] = {}
        graded = self._made(exercise.cross_play, lambda: exercise.cross_play(stage.cast(seed)))
        own = self._made(exercise.own_play, lambda: (exercise.own_play(stage.student),))
        self._look_at_all(graded)
        for scenario in graded:
            self._look_at(scenario, exercise.cross_play, graded=True)
        for scenario in own:
            self._look_at(scenario, exercise.own_play, graded=False)
        self.found |= {fault: fault for fault in stage.faults}

    def _made(self, play: Callable[..., Any], make: Callable[[], Sequence[Scenario]]) -> tuple[Scenario, ...]:
        try:
            made = tuple(make())
        except Exception as error:  # it is a program of the author's, which can raise anything
            name = "cross_play" if play is self._exercise.cross_play else "own_play"
            self._raises(play, error, Wrong("play.raises", {"play": name, "error": _told(error)}))
            return ()
        if not made:
            self._wrong(play, Wrong("play.no_scenario"))
        return made

    def _look_at_all(self, graded: tuple[Scenario, ...]) -> None:
        """Look at what the scenarios for grading are together, and whether they follow from the seed alone."""
        play = self._exercise.cross_play
        for name in repeated([scenario.name for scenario in graded]):
            self._wrong(play, Wrong("play.same_name", {"scenario": name}))
        if any(scenario.seed != self._seed for scenario in graded):
            self._wrong(play, Wrong("play.other_seed"))
        again = self._made(play, lambda: play(self._stage.cast(self._seed))) if graded else ()
        if [_played(one) for one in again] != [_played(one) for one in graded]:
            self._wrong(play, Wrong("play.not_the_same"))

    def _look_at(self, scenario: Scenario, play: Callable[..., Any], *, graded: bool) -> None:
        try:
            found = [*wrong_with(scenario), *self._stage.wrong_parts(scenario, graded=graded)]
        except Exception as error:  # what is expected can be a function of the author's
            told = {"scenario": scenario.name, "error": _told(error)}
            self._raises(play, error, Wrong("expected.raises", told))
            return
        for wrong in found:
            self._wrong(play, wrong)

    def _raises(self, play: Callable[..., Any], error: Exception, wrong: Wrong) -> None:
        where = self._where(places.of_error(error, play, self._stage.classes.root))
        self.found.setdefault((where, type(error)), Fault(where, wrong.code, wrong.data))

    def _wrong(self, play: Callable[..., Any], wrong: Wrong) -> None:
        where = self._where(places.of_function(play, self._stage.classes.root))
        fault = Fault(where, wrong.code, wrong.data)
        self.found.setdefault(fault, fault)

    def _where(self, place: str) -> str:
        return f"{place}{', ' if place else ''}exercise {self._exercise.name}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _played(scenario: Scenario) -> Scenario:
    """Return what decides about a run. What is expected does not, and may hold functions that equal only themselves."""
    return replace(scenario, expected=(), results=(), credited={})
