"""The checks of what a student's server tells the sites: each of them logs it, in a process of the course's own."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.assignments.average_consensus import graphs, ideas
from autograder.assignments.average_consensus.graphs import Graph
from autograder.assignments.average_consensus.protocol import ATOL
from autograder.report.reasons import Datum, listed
from autograder.rubric import code, concepts, diagnosis
from autograder.rubric.hints import failed
from autograder.rubric.matchers import is_close
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.simulator.scenario import SERVER

_KIND = "APP_DEFINED"
_LISTENER = "Listener"
_FORMULA_WORDS = {
    "own_degree": "The weight looks at the degree of one site alone, so {site} and {other} disagree on their edge.",
    "smaller": "It takes the smaller degree. Then the sum can be more than 1.",
    "without_one": "What does a site in the middle of a star keep for itself?",
    "all_sites": "All edges have the same weight. Which degrees are to decide at the edge of {site} and {other}?",
    "sum": "It adds the degrees. Which of the two is asked for?",
}
_Judge = Callable[["_Told"], Finding | None]


@dataclass
class _Told:
    """Everything that the sites of a run were told.

    Attributes:
        configs: the tasks ``config`` of each site, each a kind and data as JSON has them.
        runs: the same for ``run_algorithm``.
        together: the sites that began while one of them was there.
        early: the sites that were told to begin before another one had its neighbours.
        unbounded: the tasks that have no timeout, by one of the sites that got it.
    """

    run: RunEvidence
    configs: dict[str, list[Any]] = field(default_factory=dict)
    runs: dict[str, list[Any]] = field(default_factory=dict)
    together: dict[str, list[str]] = field(default_factory=dict)
    early: set[str] = field(default_factory=set)
    unbounded: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: RunEvidence) -> "_Told":
        told = cls(run)
        for site in told.graph:
            lines = [line.text for line in run.evidence.lines_of(site) if line.logger == _LISTENER]
            for text in lines:
                what, _, said = text.partition(": ")
                told._note(site, what, _json(said))
        return told

    def _note(self, site: str, what: str, said: Any) -> None:
        if what == "config":
            self.configs.setdefault(site, []).append(said)
        elif what == "run_algorithm":
            self.runs.setdefault(site, []).append(said)
        elif what == "together":
            self.together[site] = said
        elif what == "too early":
            self.early.add(str(said))
        elif what == "without timeout":
            self.unbounded.setdefault(str(said), site)

    @property
    def graph(self) -> Graph:
        graph: Graph = self.run.scenario.controller.arguments["graph"]
        return graph

    @property
    def iterations(self) -> int:
        return int(self.run.scenario.controller.arguments["iterations"])

    def named(self, site: str) -> dict[str, Any] | None:
        """Return the neighbours that a site was told, with their weights; None when that cannot be read."""
        told = self.configs.get(site, [None])[0]
        data = told.get("data") if isinstance(told, dict) else None
        named = data.get("neighbors") if isinstance(data, dict) else None
        if not isinstance(named, list) or not all(isinstance(one, dict) and "id" in one for one in named):
            return None
        return {str(one["id"]): one.get("weight") for one in named}


def neighbors(name: str, title: str, points: float) -> Check:
    """Pass when each site got one task ``config`` with its neighbours."""
    expected = "one task config for each site, with its neighbours in the graph"

    def wrong(told: _Told) -> Finding | None:
        where = code.calls(told.run, SERVER, "Task", "DXO")
        for site, others in told.graph.items():
            if site not in told.configs:
                return failed(expected, f"{site} got no task config", _no_task(told, "config"))
            if len(told.configs[site]) > 1:
                words = "Each site needs its neighbours once. To whom does each task go?"
                repeated = Hint("config.repeated", None, where, words=words)
                return failed(expected, f"{site} got {len(told.configs[site])}", _no_end(told) or repeated)
            named = told.named(site)
            if named is None:
                return failed(expected, f"at {site}: {_short(told.configs[site][0])}", _unreadable(told, site, where))
            if set(named) != set(others):
                words = "Compare the neighbours that you name with those of {site} in the graph."
                seen = f"{site} was told {listed(sorted(named)) or 'nobody'}, and not {listed(others)}"
                return failed(
                    expected, seen, Hint("config.neighbors", ideas.STEPS, where, {"site": repr(site)}, words=words)
                )
        return None

    return _check(name, title, points, expected, wrong)


def weights(name: str, title: str, points: float) -> Check:
    """Pass when each site was told the Metropolis weights of its neighbours."""
    expected = "for each edge the weight 1 / (1 + the larger of the two degrees)"

    def wrong(told: _Told) -> Finding | None:
        right = graphs.metropolis(told.graph)
        where = code.calls(told.run, SERVER, "DXO", "Task")
        for site in told.graph:
            named = told.named(site)
            if named is None:
                return failed(expected, f"{site} was told no neighbours that can be read", _no_task(told, "config"))
            for other, weight in right[site].items():
                seen = named.get(other)
                if isinstance(seen, bool) or not isinstance(seen, int | float) or not is_close(weight, seen, ATOL, 0):
                    asked = f"{weight!r} for {other} at {site}"
                    return failed(f"{expected}: {asked}", f"{seen!r}", _other_weight(told, site, other, where))
        return None

    return _check(name, title, points, expected, wrong)


def order(name: str, title: str, points: float) -> Check:
    """Pass when every site was started, none before all had answered ``config``, and nothing is waited for for ever."""
    expected = "run_algorithm for each site, when all have answered config, a timeout for both tasks, and an end"

    def wrong(told: _Told) -> Finding | None:
        where = code.calls(told.run, SERVER, "broadcast", "send", "broadcast_and_wait", "send_and_wait", every=True)
        if told.early:
            words = (
                "{sites} were told to begin while another site had not answered config yet. "
                "What waits for all answers, and how many does it wait for?"
            )
            hint = Hint("order.early", ideas.STEPS, where, {"sites": tuple(sorted(told.early))}, words=words)
            return failed(expected, f"{listed(sorted(told.early))} began too early", hint)
        if finding := _not_started(told, expected) or _without_bound(told, expected):
            return finding
        no_end = _no_end(told)
        return failed(expected, "every site is done, and control_flow goes on", no_end) if no_end else None

    return _check(name, title, points, expected, wrong)


def start(name: str, title: str, points: float) -> Check:
    """Pass when all sites were started together, with the number of iterations."""
    expected = "run_algorithm for all sites at once, with the number of iterations"

    def wrong(told: _Told) -> Finding | None:
        if finding := _not_started(told, expected):
            return finding
        where = code.calls(told.run, SERVER, "Task", "DXO")
        for site in told.graph:
            said = told.runs[site][0]
            if len(told.runs[site]) > 1:
                words = "Each site is started once. To whom does each task go?"
                repeated = Hint("start.repeated", None, where, words=words)
                return failed(expected, f"{site} was started {len(told.runs[site])} times", _no_end(told) or repeated)
            if said != {"kind": _KIND, "data": {"iterations": told.iterations}}:
                return failed(expected, f"at {site}: {_short(said)}", _other_start(told, said, where))
        for site, others in sorted(told.together.items()):
            if len(others) < len(told.graph) - 1:
                words = (
                    "{site} had begun, and {others} had not, for seconds. Sites need each other's values: "
                    "who is started last must not wait for who was started first."
                )
                missing = tuple(sorted(told.graph.keys() - {site, *others}))
                return failed(
                    expected,
                    f"{site} began alone",
                    Hint("start.one_by_one", ideas.STEPS, where, {"site": site, "others": missing}, words=words),
                )
        return None

    return _check(name, title, points, expected, wrong)


def _check(name: str, title: str, points: float, expected: str, wrong: _Judge) -> Check:
    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run in played:
            told = _Told.of(run)
            if not told.configs and not told.runs:
                return failed(expected, "no site was given a task", _no_task(told, "config"))
            if finding := wrong(told):
                return finding
        if not played:
            return failed(expected, "no run to look at", Hint("run.none"))
        return Finding(True, expected, "that, at every site")

    return Check(name, title, points, judge)


def _not_started(told: _Told, expected: str) -> Finding | None:
    missing = sorted(told.graph.keys() - told.runs.keys())
    return failed(expected, f"{listed(missing)} got no such task", _no_task(told, "run_algorithm")) if missing else None


def _without_bound(told: _Told, expected: str) -> Finding | None:
    if not told.unbounded:
        return None
    task, site = min(told.unbounded.items())
    words = "The task {task} is kept for ever. How long does your controller wait if {site} never answers it?"
    where = code.calls(told.run, SERVER, "Task", every=True)
    hint = Hint("wait.unbounded", ideas.STEPS, where, {"task": task, "site": site}, words=words)
    return failed(expected, f"the task {task} for {site} has no timeout", hint)


def _no_end(told: _Told) -> Hint | None:
    """Explain a controller that was stopped, or has failed, after it had begun to give out tasks."""
    return diagnosis.why_absent(told.run, SERVER)


def _no_task(told: _Told, task: str) -> Hint:
    if absent := _no_end(told):
        return absent
    where = code.calls(told.run, SERVER, "Task")
    words = (
        "Nobody, or not everybody, was given the task {task}. Which call of the controller gives it out, and to whom?"
    )
    return Hint("task.not_given", concepts.TASK, where, {"task": task}, words=words)


def _unreadable(told: _Told, site: str, where: code.Places) -> Hint:
    words = (
        "The data is a DXO of the kind APP_DEFINED with the key neighbors: "
        "a list of dicts, each with id and weight. Compare it letter by letter."
    )
    return Hint("config.data", concepts.CONTENT, where, words=words)


def _other_start(told: _Told, said: Any, where: code.Places) -> Hint:
    data = said.get("data") if isinstance(said, dict) and said.get("kind") == _KIND else None
    if isinstance(data, dict) and data.keys() == {"iterations"}:
        words = "The sites were told {seen} iterations, and your controller was made with {asked}."
        numbers: dict[str, Datum] = {"seen": _short(data["iterations"]), "asked": told.iterations}
        return Hint("start.iterations", ideas.STEPS, where, numbers, words=words)
    words = "The task's data is a DXO of the kind APP_DEFINED, with the key iterations and nothing else."
    return Hint("start.data", concepts.CONTENT, where, words=words)


def _other_weight(told: _Told, site: str, other: str, where: code.Places) -> Hint:
    degree = {name: len(others) for name, others in told.graph.items()}
    named = {name: told.named(name) for name in told.graph}
    for name, formula in graphs.OTHER_FORMULAS.items():
        if named == graphs.by_formula(told.graph, formula) or (name == "all_sites" and _is_one_for_all(named)):
            code_of_hint = f"weight.{name}"
            return Hint(
                code_of_hint, ideas.METROPOLIS, where, {"site": site, "other": other}, words=_FORMULA_WORDS[name]
            )
    own, theirs = degree[site], degree[other]
    words = "{site} has {own} neighbours, and {other} has {theirs}. Put these into the formula by hand."
    told_of: dict[str, Datum] = {"site": site, "own": own, "other": other, "theirs": theirs}
    return Hint("weight.other", ideas.METROPOLIS, where, told_of, words=words)


def _is_one_for_all(named: Mapping[str, Mapping[str, Any] | None]) -> bool:
    told = [weights or {} for weights in named.values()]
    numbers = {one for weights in told for one in weights.values() if isinstance(one, int | float)}
    return all(told) and len(numbers) == 1


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _short(value: Any) -> str:
    return json.dumps(value)[:200]
