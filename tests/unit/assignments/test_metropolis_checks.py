"""What a student's controller told the sites, on evidence made by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from autograder import assignments
from autograder.assignments.average_consensus import graphs
from autograder.assignments.average_consensus.graphs import Formula
from autograder.evidence.model import Evidence, LogLine, TaskResult
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


def told(
    right: Formula | None = None, times: int = 1, configs: Callable[[str], Any] | None = None, **evidence: Any
) -> RunEvidence:
    """The run of a right answer, but for a formula, a task, for how often tasks are given, and for how it ended."""

    def student(name: str) -> Part:
        return Part("submission", name, {"submission": LOOPS})

    cast = Cast(student, lambda name, arguments: Part("peers", name), Random(1), 1)
    (scenario,) = ASSIGNMENT.exercise("metropolis").cross_play(cast)
    graph, iterations = (scenario.controller.arguments[name] for name in ("graph", "iterations"))
    weights = graphs.by_formula(graph, right) if right else graphs.metropolis(graph)
    lines = []
    for site in graph:
        config = {"kind": "APP_DEFINED", "data": graphs.as_config(weights[site])} if configs is None else configs(site)
        run = {"kind": "APP_DEFINED", "data": {"iterations": iterations}}
        texts = [f"config: {json.dumps(config)}"] * times + [f"run_algorithm: {json.dumps(run)}"] * times
        texts += [f"together: {json.dumps(sorted(graph.keys() - {site}))}"]
        lines += [LogLine(site, "", "Listener", f"{LISTENERS}.Listener", "INFO", "", text) for text in texts]
    results = tuple(TaskResult(site, task, "OK") for task in ("config", "run_algorithm") for site in graph)
    played = RunEvidence(scenario, Evidence(log_lines=tuple(lines), results=results, finished=True))
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


def test_a_controller_that_ends_before_all_are_done_waits_for_too_few() -> None:
    *results, last = told().evidence.results
    never = told(results=tuple(results))
    too_late = told(results=(*results, replace(last, after_end=True)))

    for run in (never, too_late):
        finding = judged("order", run)
        assert hint_of(finding).code == "order.ended"
        assert last.site in finding.seen
        assert judged("start", run).passed


@pytest.mark.parametrize(
    "config",
    [
        {"kind": "WEIGHTS", "data": {"neighbors": []}},
        {"kind": "APP_DEFINED", "data": {"neighbors": [], "own_weight": 1.0}},
        {"kind": "APP_DEFINED", "data": {"neighbors": [{"id": "site-1", "weight": 0.25, "degree": 3}]}},
        {"kind": "APP_DEFINED", "data": {"neighbors": {"site-1": 0.25}}},
    ],
    ids=["kind", "one key more", "one key more of a neighbour", "no list"],
)
def test_a_config_has_the_kind_and_the_keys_that_are_asked_for_and_no_others(config: Any) -> None:
    assert hint_of(judged("neighbors", told(configs=lambda site: config))).code == "config.data"


def test_a_key_too_many_is_no_matter_of_weights() -> None:
    graph = told().scenario.controller.arguments["graph"]
    right = graphs.metropolis(graph)

    def config(site: str) -> Any:
        return {"kind": "APP_DEFINED", "data": graphs.as_config(right[site]) | {"own_weight": 0.0}}

    assert judged("weights", told(configs=config)).passed


def test_weights_that_cannot_be_read_were_given_all_the_same() -> None:
    unreadable = told(configs=lambda site: {"kind": "APP_DEFINED", "data": {"neighbors": {"site-1": 0.25}}})
    assert hint_of(judged("weights", unreadable)).code == "config.data"


def test_the_neighbours_of_another_site_are_no_formula() -> None:
    first = {"kind": "APP_DEFINED", "data": {"neighbors": [{"id": "site-3", "weight": 0.25}]}}
    assert hint_of(judged("weights", told(configs=lambda site: first))).code == "config.neighbors"
