"""Cells import nothing of this package but what a run has, wherever they are run."""

import json
import subprocess
import sys
from pathlib import Path

CELLS = {
    "from autograder.assignments.average_consensus.graphs import metropolis": "ModuleNotFoundError",
    "import autograder.rubric.sending as sending": "ModuleNotFoundError",
    "from autograder import rubric": "ImportError",
    "from autograder import notebook as course": "",
    "import autograder.notebook": "",
    "from autograder.simulator.journal import Journal": "",
    "class A: pass": "",
}
# A process of its own, since this one has imported everything.
PROGRAM = """
import json, sys
from pathlib import Path
from autograder.simulator.parties.cells import Layout, run_notebook

count = int(sys.argv[2])
layout = Layout(tuple((line, line) for line in range(1, count + 1)), count, "A")
print(json.dumps({one.line: one.error for one in run_notebook("submission", Path(sys.argv[1]), layout)}))
"""


def test_what_is_not_there_in_a_run_cannot_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "submission.py"
    path.write_text("\n".join(CELLS))

    command = [sys.executable, "-c", PROGRAM, str(path), str(len(CELLS))]
    raised = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert raised == {str(line): error for line, error in enumerate(CELLS.values(), start=1) if error}
