"""What a student's controller told the sites, on evidence made by hand."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from autograder import assignments
from autograder.assignments.average_consensus import graphs
from autograder.assignments.average_consensus.graphs import Formula
from autograder.evidence.model import Evidence, LogLine
from autograder.rubric.model import Cast, Check, Finding, RunEvidence
from autograder.simulator.run import End
from autograder.simulator.scenario import Part
from tests.unit.rubric.evidence import hint_of, numbered, where

ASSIGNMENT = assignments.load("average_consensus")
LISTENERS = "average_consensus_parties"
"""The module of the course's own sites."""
LOOPS = """
class ConsensusController(Controller):
    def control_flow(self, abort_signal, fl_ctx):
        while True:
            time.sleep(0.1)
"""


def told(right: Formula | None = None, times: int = 1, **evidence: Any) -> RunEvidence:
    """The run of a right answer, but for a formula, for how often tasks are given, and for how it ended."""

    def student(name: str) -> Part:
        return Part("submission", name, {"submission": LOOPS})

    cast = Cast(student, lambda name, arguments: Part("peers", name), Random(1), 1)
    (scenario,) = ASSIGNMENT.exercise("metropolis").cross_play(cast)
    graph, iterations = (scenario.controller.arguments[name] for name in ("graph", "iterations"))
    weights = graphs.by_formula(graph, right) if right else graphs.metropolis(graph)
    lines = []
    for site in graph:
        config = {"kind": "APP_DEFINED", "data": graphs.as_config(weights[site])}
        run = {"kind": "APP_DEFINED", "data": {"iterations": iterations}}
        texts = [f"config: {json.dumps(config)}"] * times + [f"run_algorithm: {json.dumps(run)}"] * times
        texts += [f"together: {json.dumps(sorted(graph.keys() - {site}))}"]
        lines += [LogLine(site, "", "Listener", f"{LISTENERS}.Listener", "INFO", "", text) for text in texts]
    played = RunEvidence(scenario, Evidence(log_lines=tuple(lines), finished=True))
    return replace(played, evidence=replace(played.evidence, **evidence))


def judged(name: str, run: RunEvidence) -> Finding:
    return next(one for one in ASSIGNMENT.exercise("metropolis").checks if one.name == name).judge([run])


@pytest.mark.parametrize("check", ASSIGNMENT.exercise("metropolis").checks, ids=lambda one: one.name)
def test_a_right_answer_passes(check: Check) -> None:
    assert check.judge([told()]).passed


@pytest.mark.parametrize("number", [1 / 4, 1 / 3, 0.1])
def test_one_weight_for_all_edges_is_told_as_such(number: float) -> None:
    finding = judged("weights", told(lambda own, theirs, sites: number))
    assert hint_of(finding).code == "weight.all_sites"


@pytest.mark.parametrize("name", sorted(graphs.OTHER_FORMULAS))
def test_every_other_formula_is_named(name: str) -> None:
    finding = judged("weights", told(graphs.OTHER_FORMULAS[name]))
    assert hint_of(finding).code == f"weight.{name}"


def test_a_controller_that_goes_on_when_all_are_done_has_a_wait_without_a_bound() -> None:
    run = told(end=End.DEADLINE, finished=False)
    finding = judged("order", run)

    assert hint_of(finding).code == "controller.no_end"
    assert judged("neighbors", run).passed and judged("weights", run).passed and judged("start", run).passed


@pytest.mark.parametrize("name", ["neighbors", "start"])
def test_tasks_that_are_given_again_and_again_for_ever_are_a_matter_of_the_loop(name: str) -> None:
    twice, forever = told(times=2), told(times=80, end=End.DEADLINE, finished=False)
    assert [getattr(judged(name, run).hint, "code", "") for run in (twice, forever)] == [
        "config.repeated" if name == "neighbors" else "start.repeated",
        "controller.no_end",
    ]


def test_the_lines_that_may_not_end_are_told() -> None:
    run = replace(told(end=End.DEADLINE, finished=False), locate=numbered)
    hint = hint_of(judged("order", run))
    assert where(hint.places) == "L4: while True:; L5: time.sleep(0.1)"
