"""The numbers in the notebook of ``average_consensus``, each computed again: what it says is what comes out."""

import contextlib
import importlib.util
import io
import re
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest

from autograder import assignments
from autograder.assignments.average_consensus.protocol import Consensus
from autograder.simulator.scenario import Part, Scenario
from tests.tools.course_folder import CHECKOUT

NAME = "average_consensus"
CELLS = {cell.id: cell.source for cell in nbformat.read(CHECKOUT.release(NAME), as_version=4).cells}


def own_run(exercise: str) -> Scenario:
    return assignments.load(NAME).exercise(exercise).own_play(lambda name: Part("submission", name))


def ends(consensus: Consensus) -> dict[str, float]:
    """The values of a right answer at the end."""
    now = dict(consensus.begin)
    for k in range(consensus.iterations):
        now = {
            site: consensus.own_weight(site) * now[site]
            + sum(w * now[site if consensus.is_lost(site, o, k) else o] for o, w in consensus.weights[site].items())
            for site in now
        }
    return now


def printed(cell: str) -> str:
    matplotlib.use("Agg")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(CELLS[cell], {"np": np, "display": lambda figure: None})  # a cell of our own
    return out.getvalue()


def test_the_first_run_has_192_messages_and_comes_near_to_8() -> None:
    consensus = Consensus.of(own_run("exchange"))

    assert list(consensus.begin.values()) == [1, 3, 5, 7, 24] and consensus.average == 8
    assert sum(map(len, consensus.weights.values())) == 16 and 16 * consensus.iterations == 192
    assert all(abs(value - 8) < 1e-5 for value in ends(consensus).values())
    assert "**192** in all" in CELLS["observe_exchange"] and "within 0.00001 of 8" in CELLS["observe_exchange"]


def test_the_weights_of_the_second_run() -> None:
    weights = Consensus.of(own_run("exchange")).weights

    assert (weights["site-0"]["site-1"], weights["site-0"]["site-4"]) == (1 / 4, 1 / 5)
    assert 1 - sum(weights["site-0"].values()) == pytest.approx(0.3)


def test_those_who_are_left_come_to_4() -> None:
    values = ends(Consensus.of(own_run("survive")))

    assert values.pop("site-4") == 24
    assert all(abs(value - 4) < 1e-3 for value in values.values())


def test_plain_means_on_a_star_agree_on_something_else() -> None:
    assert "3.077" in printed("run_star") and "**3.077**" in CELLS["observe_star"]
    assert round((5 * 0 + 2 * (2 + 4 + 6 + 8)) / 13, 3) == 3.077


def test_metropolis_weights_on_a_star_agree_on_the_average(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = re.sub(r"\[1 / 2, (.*)1 / 2(.*)\]", r"[1 / 5, \g<1>4 / 5\2]", CELLS["run_star"])
    monkeypatch.setitem(CELLS, "run_star", rows)

    assert "they agree on [4. 4. 4. 4. 4.]" in printed("run_star")
    assert "On **4**, the average." in CELLS["observe_star"]


def compared(sites: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[float, int, int]]:
    """The gap, the iterations and the messages of each graph."""
    with monkeypatch.context() as patched:
        patched.setitem(CELLS, "run_graphs", CELLS["run_graphs"].replace("compare(16)", f"compare({sites})"))
        rows = re.findall(r"(\w[\w ]*?) +gap ([\d.]+) +iterations +(\d+) +messages +(\d+)", printed("run_graphs"))
    return {name: (float(gap), int(iterations), int(messages)) for name, gap, iterations, messages in rows}


def test_the_order_of_the_graphs_and_their_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compared(16, monkeypatch)
    gaps = {name: gap for name, (gap, _, _) in found.items()}

    assert sorted(gaps, key=gaps.__getitem__) == ["path", "ring", "star", "ring with random edges"]
    assert [round(gap, 2) for gap in sorted(gaps.values())] == [0.01, 0.05, 0.06, 0.11]
    for gap, iterations, _ in found.values():
        foretold = np.log(1e-6) / np.log(1 - gap)
        assert 0.75 < iterations / foretold < 1.05


def test_the_ring_with_random_edges_needs_the_fewest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compared(16, monkeypatch)
    (_, few, fewest), (_, many, _) = found["ring with random edges"], found["ring"]

    assert fewest == min(messages for _, _, messages in found.values())
    assert few < many / 2 and 1.5 < (fewest / few) / (2 * 16) < 2


def test_twice_as_many_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = compared(16, monkeypatch), compared(32, monkeypatch)
    factors = {name: large[name][1] / small[name][1] for name in small}

    assert factors["ring"] == pytest.approx(4, rel=0.05) and factors["star"] == pytest.approx(2, rel=0.05)
    assert factors["ring with random edges"] <= 1


def test_flare_keeps_values_by_iteration_and_ends_the_job_without_one() -> None:
    spec = importlib.util.find_spec("nvflare")
    assert spec is not None and spec.origin is not None
    # It cannot be imported without PyTorch.
    source = Path(spec.origin).parent.joinpath("app_opt", "p2p", "executors", "sync_executor.py").read_text("utf-8")

    assert "self.neighbors_values[iteration][sender] = " in source and "neighbors_values" in CELLS["run_script"]
    assert "self.sync_waiter.wait(timeout=self.sync_timeout)" in source and "self.system_panic(" in source
