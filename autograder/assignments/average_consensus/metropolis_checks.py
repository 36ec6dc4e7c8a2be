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
from autograder.rubric.hints import failed, passed
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
_Judge = Callable[["_GivenTasks"], Finding | None]


@dataclass
class _GivenTasks:
    """The tasks that the sites of a run were given.

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
    def of(cls, run: RunEvidence) -> "_GivenTasks":
        given = cls(run)
        for site in given.graph:
            lines = [line.text for line in run.evidence.lines_of(site) if line.logger == _LISTENER]
            for text in lines:
                what, _, said = text.partition(": ")
                given._note(site, what, _json(said))
        return given

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

    @property
    def cut_off(self) -> tuple[str, ...]:
        """Return the sites that had begun, and had not answered when the controller came to its end."""
        results = self.run.evidence.results
        answered = {one.site for one in results if one.task == "run_algorithm" and not one.after_end}
        return tuple(sorted(self.runs.keys() - answered)) if self.run.evidence.finished else ()

    def is_exact(self, site: str) -> bool:
        """Return whether a site's ``config`` is of the kind, and has the keys, that are asked for, and no others."""
        match self.configs[site][0]:
            case {"kind": kind, "data": {"neighbors": list(told), **rest}} if kind == _KIND and not rest:
                return all(isinstance(one, dict) and one.keys() == {"id", "weight"} for one in told)
        return False

    def named(self, site: str) -> dict[str, Any] | None:
        """Return the neighbours that a site was told, with their weights; None when that cannot be read."""
        config = self.configs.get(site, [None])[0]
        data = config.get("data") if isinstance(config, dict) else None
        named = data.get("neighbors") if isinstance(data, dict) else None
        if not isinstance(named, list) or not all(isinstance(one, dict) and "id" in one for one in named):
            return None
        return {str(one["id"]): one.get("weight") for one in named}


def neighbors(name: str, title: str, points: float) -> Check:
    """Pass when each site got one task ``config`` with its neighbours."""
    expected = "one task config for each site, with its neighbours in the graph"

    def wrong(given: _GivenTasks) -> Finding | None:
        where = code.calls(given.run, SERVER, "Task", "DXO")
        for site, others in given.graph.items():
            if site not in given.configs:
                return failed(expected, f"{site} got no task config", _no_task(given, "config"))
            if len(given.configs[site]) > 1:
                words = "Each site needs its neighbours once. To whom does each task go?"
                repeated = Hint("config.repeated", None, where, words=words)
                return failed(expected, f"{site} got {len(given.configs[site])}", _no_end(given) or repeated)
            named = given.named(site)
            if named is None or not given.is_exact(site):
                return failed(expected, f"at {site}: {_short(given.configs[site][0])}", _other_data(where))
            if set(named) != set(others):
                seen = f"{site} was told {listed(sorted(named)) or 'nobody'}, and not {listed(others)}"
                return failed(expected, seen, _other_neighbors(site, where))
        return None

    return _check(name, title, points, expected, wrong)


def weights(name: str, title: str, points: float) -> Check:
    """Pass when each site was told the Metropolis weights of its neighbours."""
    expected = "for each edge the weight 1 / (1 + the larger of the two degrees)"

    def wrong(given: _GivenTasks) -> Finding | None:
        right = graphs.metropolis(given.graph)
        where = code.calls(given.run, SERVER, "DXO", "Task")
        for site in given.graph:
            named = given.named(site)
            if named is None:
                hint = _other_data(where) if site in given.configs else _no_task(given, "config")
                return failed(expected, f"{site} was told no neighbours that can be read", hint)
            for other, weight in right[site].items():
                if other not in named:
                    return failed(expected, f"none for {other} at {site}", _other_neighbors(site, where))
                seen = named[other]
                if isinstance(seen, bool) or not isinstance(seen, int | float) or not is_close(weight, seen, ATOL, 0):
                    asked = f"{weight!r} for {other} at {site}"
                    return failed(f"{expected}: {asked}", f"{seen!r}", _other_weight(given, site, other, where))
        return None

    return _check(name, title, points, expected, wrong)


def order(name: str, title: str, points: float) -> Check:
    """Pass when every site was started, none before all had answered ``config``, and nothing is waited for for ever."""
    expected = (
        "run_algorithm for each site, when all have answered config, a timeout for both, and an end when all are done"
    )

    def wrong(given: _GivenTasks) -> Finding | None:
        where = code.calls(given.run, SERVER, "broadcast", "send", "broadcast_and_wait", "send_and_wait", every=True)
        if given.early:
            words = (
                "{sites} were told to begin while another site had not answered config yet. "
                "What waits for all answers, and how many does it wait for?"
            )
            hint = Hint("order.early", ideas.STEPS, where, {"sites": tuple(sorted(given.early))}, words=words)
            return failed(expected, f"{listed(sorted(given.early))} began too early", hint)
        if finding := _not_started(given, expected) or _without_bound(given, expected):
            return finding
        if cut_off := given.cut_off:
            words = (
                "control_flow came to its end while {sites} had not answered run_algorithm yet. "
                "What waits for these answers, for how many, and for how long?"
            )
            hint = Hint("order.ended", ideas.END, where, {"sites": cut_off}, words=words)
            return failed(expected, f"the end came before an answer of {listed(cut_off)}", hint)
        no_end = _no_end(given)
        return failed(expected, "every site is done, and control_flow goes on", no_end) if no_end else None

    return _check(name, title, points, expected, wrong)


def start(name: str, title: str, points: float) -> Check:
    """Pass when all sites were started together, with the number of iterations."""
    expected = "run_algorithm for all sites at once, with the number of iterations"

    def wrong(given: _GivenTasks) -> Finding | None:
        if finding := _not_started(given, expected):
            return finding
        where = code.calls(given.run, SERVER, "Task", "DXO")
        for site in given.graph:
            said = given.runs[site][0]
            if len(given.runs[site]) > 1:
                words = "Each site is started once. To whom does each task go?"
                repeated = Hint("start.repeated", None, where, words=words)
                return failed(expected, f"{site} was started {len(given.runs[site])} times", _no_end(given) or repeated)
            if said != {"kind": _KIND, "data": {"iterations": given.iterations}}:
                return failed(expected, f"at {site}: {_short(said)}", _other_start(given, said, where))
        for site, others in sorted(given.together.items()):
            if len(others) < len(given.graph) - 1:
                words = (
                    "{site} had begun, and {others} had not, for seconds. Sites need each other's values: "
                    "who is started last must not wait for who was started first."
                )
                missing = tuple(sorted(given.graph.keys() - {site, *others}))
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
            given = _GivenTasks.of(run)
            if not given.configs and not given.runs:
                return failed(expected, "no site was given a task", _no_task(given, "config"))
            if finding := wrong(given):
                return finding
        return passed(played, expected, "that, at every site")

    return Check(name, title, points, judge)


def _not_started(given: _GivenTasks, expected: str) -> Finding | None:
    missing = sorted(given.graph.keys() - given.runs.keys())
    return (
        failed(expected, f"{listed(missing)} got no such task", _no_task(given, "run_algorithm")) if missing else None
    )


def _without_bound(given: _GivenTasks, expected: str) -> Finding | None:
    if not given.unbounded:
        return None
    task, site = min(given.unbounded.items())
    words = "The task {task} is kept for ever. How long does your controller wait if {site} never answers it?"
    where = code.calls(given.run, SERVER, "Task", every=True)
    hint = Hint("wait.unbounded", ideas.STEPS, where, {"task": task, "site": site}, words=words)
    return failed(expected, f"the task {task} for {site} has no timeout", hint)


def _no_end(given: _GivenTasks) -> Hint | None:
    """Explain a controller that was stopped, or has failed, after it had begun to give out tasks."""
    return diagnosis.why_absent(given.run, SERVER)


def _no_task(given: _GivenTasks, task: str) -> Hint:
    if absent := _no_end(given):
        return absent
    where = code.calls(given.run, SERVER, "Task")
    words = (
        "Nobody, or not everybody, was given the task {task}. Which call of the controller gives it out, and to whom? "
        "Whatever has not been given out when control_flow ends never will be."
    )
    return Hint("task.not_given", concepts.TASK, where, {"task": task}, words=words)


def _other_data(where: code.Places) -> Hint:
    words = (
        "The data is a DXO of the kind APP_DEFINED with the key neighbors and no other one: "
        "a list of dicts, each with id and weight and nothing else. Compare it letter by letter."
    )
    return Hint("config.data", concepts.CONTENT, where, words=words)


def _other_neighbors(site: str, where: code.Places) -> Hint:
    words = "Compare the neighbours that you name with those of {site} in the graph."
    return Hint("config.neighbors", ideas.STEPS, where, {"site": repr(site)}, words=words)


def _other_start(given: _GivenTasks, said: Any, where: code.Places) -> Hint:
    data = said.get("data") if isinstance(said, dict) and said.get("kind") == _KIND else None
    if isinstance(data, dict) and data.keys() == {"iterations"}:
        words = "The sites were told {seen} iterations, and your controller was made with {asked}."
        numbers: dict[str, Datum] = {"seen": _short(data["iterations"]), "asked": given.iterations}
        return Hint("start.iterations", ideas.STEPS, where, numbers, words=words)
    words = "The task's data is a DXO of the kind APP_DEFINED, with the key iterations and nothing else."
    return Hint("start.data", concepts.CONTENT, where, words=words)


def _other_weight(given: _GivenTasks, site: str, other: str, where: code.Places) -> Hint:
    degree = {name: len(others) for name, others in given.graph.items()}
    named = {name: given.named(name) for name in given.graph}
    for name, formula in graphs.OTHER_FORMULAS.items():
        if named == graphs.by_formula(given.graph, formula) or (name == "all_sites" and _is_one_for_all(named)):
            code_of_hint = f"weight.{name}"
            return Hint(
                code_of_hint, ideas.METROPOLIS, where, {"site": site, "other": other}, words=_FORMULA_WORDS[name]
            )
    own, theirs = degree[site], degree[other]
    words = "{site} has {own} neighbours, and {other} has {theirs}. Put these into the formula by hand."
    data: dict[str, Datum] = {"site": site, "own": own, "other": other, "theirs": theirs}
    return Hint("weight.other", ideas.METROPOLIS, where, data, words=words)


def _is_one_for_all(named: Mapping[str, Mapping[str, Any] | None]) -> bool:
    by_site = [weights or {} for weights in named.values()]
    numbers = {one for weights in by_site for one in weights.values() if isinstance(one, int | float)}
    return all(by_site) and len(numbers) == 1


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _short(value: Any) -> str:
    return json.dumps(value)[:200]
