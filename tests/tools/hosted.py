"""A student at work in a kernel with the old versions that notebooks on the web have, Colab's for one.

The package is installed there with nothing of what only JupyterLab and graders need. The tests are those of a kernel,
which ``JUPYTER_PATH`` tells of that one.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools.pythons import CHECKOUT, environment, interpreters

OLD = ("ipykernel==6.17.1", "ipython==7.34.0", "jupyter-client==6.1.12", "traitlets==5.7.1", "setuptools")
TESTS = "tests/services/notebook/test_kernel.py"


def main() -> int:
    """Return 0 if the tests pass: under Colab's version of Python, if it is found."""
    path = interpreters().get("3.12", sys.executable)
    python = environment("hosted", path, [*OLD, "-e", str(CHECKOUT)])
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel = {"argv": command, "display_name": "Python 3", "language": "python"}
        place = Path(folder, "kernels", "python3")
        place.mkdir(parents=True)
        (place / "kernel.json").write_text(json.dumps(kernel), encoding="utf-8")
        tests = [sys.executable, "-m", "pytest", "-q", "-m", "slow", TESTS]
        return subprocess.run(tests, cwd=CHECKOUT, env={**os.environ, "JUPYTER_PATH": folder}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
