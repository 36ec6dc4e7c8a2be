"""What a student installs: the package, and nothing of the solutions."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.release.conftest import CHECKOUT

pytestmark = pytest.mark.slow


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*command, str(CHECKOUT.root)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"autograder", "flare_p2p_course"}
    assert "autograder/report/schema.json" in names
    assert not [name for name in names if "solution" in name or "peers" in name]
