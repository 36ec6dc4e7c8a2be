"""What a student installs: the package, and nothing of the solutions."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder import assignments
from autograder.release.solution_text import solution_text
from autograder.release.verify import meant_for_students
from tests.tools.course_folder import CHECKOUT
from tests.unit.release.conftest import NAME

IDIOMS = """
sender = request.get_peer_prop(ReservedKey.IDENTITY_NAME, None)
return make_reply(ReturnCode.TASK_UNKNOWN)
"""
"""The simulator's part that watches messages asks NVFlare in the only way that there is."""


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*command, str(CHECKOUT.root)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"autograder", "flare_p2p_course"}
    assert "autograder/report/schema.json" in names
    assert "peers.py" not in {Path(name).name for name in names}
    assert disabled_panels(wheel, tmp_path / "installed") == ["create-assignment", "formgrader"]


def disabled_panels(wheel: Path, place: Path) -> list[str]:
    """What JupyterLab leaves out of nbgrader's where a wheel is installed."""
    with zipfile.ZipFile(wheel) as archive:
        data = [name for name in archive.namelist() if ".data/data/" in name]
        archive.extractall(place, data)
    (configuration,) = place.glob("*.data/data/etc/jupyter")
    asked = "import json; from jupyterlab_server.config import get_page_config as get; print(json.dumps(get([])))"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "JUPYTER_CONFIG_PATH": str(configuration), "JUPYTER_CONFIG_DIR": str(place)},
        check=True,
        capture_output=True,
        text=True,
    )
    prefix = "@jupyter/nbgrader:"
    found = json.loads(told.stdout)["disabledExtensions"]
    return sorted(name.removeprefix(prefix) for name in found if name.startswith(prefix))


def test_nothing_in_the_package_holds_solution_text(tmp_path: Path) -> None:
    files = sorted((CHECKOUT.root / "autograder").rglob("*.py"))
    holding = tmp_path / "holding.py"
    holding.write_bytes((CHECKOUT.solutions(NAME) / f"{NAME}.py").read_bytes())

    allowed = meant_for_students(CHECKOUT, assignments.load(NAME)) + IDIOMS
    found = solution_text({"cells": []}, [*files, holding], CHECKOUT.solutions(NAME), allowed)
    assert [Path(fault.where).name for fault in found] == [holding.name]
