"""Lets NVFlare's own ``ConsensusExecutor`` be a neighbour of the model answer: ``make interop``.

It needs PyTorch and networkx, which the course does not, so it has an environment of its own, in ``.venv-interop``.
Where they cannot be had it says so and ends with status 0: that is nobody's mistake.
"""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ENVIRONMENT = _ROOT / ".venv-interop"
_NEEDED = ("torch", "networkx")

# NVFlare refuses a job without code of its own, so its class comes as one of these.
_THEIRS = """
from nvflare.app_opt.p2p.executors import ConsensusExecutor

class Theirs(ConsensusExecutor):
    pass
"""


def main() -> int:
    """Run it in the environment that it needs, and return the exit status."""
    if Path(sys.prefix) != _ENVIRONMENT:
        if why := _cannot_be_made():
            print(f"skipped: {' and '.join(_NEEDED)} cannot be installed here ({why})")
            return 0
        return subprocess.run([_python(), "-m", "tests.tools.interop"], cwd=_ROOT, check=False).returncode
    return _tried()


def _python() -> str:
    return str(_ENVIRONMENT / "bin" / "python")


def _cannot_be_made() -> str:
    """Make the environment, with everything of this one; return why that does not work, or nothing."""
    if not Path(_python()).exists():
        venv.create(_ENVIRONMENT, with_pip=True)
    found = subprocess.run(
        [_python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(found.stdout.strip(), "course.pth").write_text(f"{sysconfig.get_path('purelib')}\n{_ROOT}\n")
    if subprocess.run([_python(), "-c", "import torch, networkx"], capture_output=True, check=False).returncode == 0:
        return ""
    install = [_python(), "-m", "pip", "install", "--quiet", *_NEEDED]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    lines = done.stderr.strip().splitlines()
    return (lines[-1] if lines else "pip failed") if done.returncode else ""


def _tried() -> int:
    """Play a ring in which every other site is NVFlare's own, and compare the values with what must come out."""
    from dataclasses import replace

    from autograder.assignments.average_consensus import graphs, scenarios
    from autograder.assignments.average_consensus.expected_values import expected_in
    from autograder.assignments.average_consensus.protocol import Consensus, seen_in
    from autograder.evidence.collect import collect
    from autograder.rubric.model import RunEvidence
    from autograder.simulator.run import run
    from autograder.simulator.sandbox.commands import Isolation
    from autograder.simulator.scenario import Part

    text = (_ROOT / "solutions" / "average_consensus" / "average_consensus.py").read_text()
    names = [f"site-{number}" for number in range(4)]
    begin = dict(zip(names, (1.0, 2.0, 3.0, 6.0), strict=True))
    network = scenarios.Network(graphs.metropolis(graphs.ring(names)), begin, 20)
    ours, theirs = Part("ours", "ConsensusExecutor", {"ours": text}), Part("theirs", "Theirs", {"theirs": _THEIRS})
    parts = {
        name: replace(part, arguments={"initial_value": begin[name]})
        for name, part in zip(names, (ours, theirs, ours, theirs), strict=True)
    }
    scenario = replace(scenarios.own_exchange(lambda _: ours), controller=network.teller, executors=parts)
    scenario = replace(scenario, students=frozenset(), expected=expected_in(network.consensus()), tasks=network.tasks)
    with run(scenario, isolation=Isolation.NONE) as record:
        played = RunEvidence(scenario, collect(record))
    seen, consensus = seen_in(played.evidence), Consensus.of(scenario)
    ends = {name: consensus.value(name, network.iterations, seen) for name in names}
    wrong = [pair.expected for pair in played.matching.pairs if pair.lacking or pair.wrong]
    print(f"{len(seen)} values between {len(names)} sites, half of them NVFlare's own; they end at {ends}")
    return 1 if wrong or any(end is None or abs(end - 3.0) > 1e-3 for end in ends.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
