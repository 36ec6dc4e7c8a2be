"""The page for instructors, followed by the letter and in its order: from ``make venv`` to the files for the LMS."""

import csv
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from tests.services.docs.test_tutorial import Block, blocks_of
from tests.tools.course_folder import CHECKOUT, NAME, PATIENCE, place, released, solved
from tests.unit.docs.documents import ROOT

PAGE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
_FILE = re.compile(r"`(\w+\.py)` in the course's folder:$")
_NAME_IT = re.compile(r"Name it in `nbgrader_config.py`: `(c\.[^`]+)`")
_ACTIVATE = "source .venv/bin/activate"
_COLLECT = f"nbgrader zip_collect {NAME}"
_DOWNLOADED = f"downloaded/{NAME}/archive"


@pytest.fixture
def clone(tmp_path: Path) -> Course:
    """A clone in which nothing was done yet; its environment is that of the checkout, so ``make venv`` is quick."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT.root, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (CHECKOUT.root / name).is_file() and not name.startswith(("tests/", "docs/")):
            target = tmp_path / "clone" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT.root / name, target)
    course = Course(tmp_path / "clone")
    (course.root / ".venv").symlink_to(CHECKOUT.root / ".venv")
    return course


def hand_in(course: Course) -> None:
    """One notebook as nbgrader's exchange leaves it, and one in a download from Moodle."""
    nbformat.write(solved(course), place(course, "ada"))
    place(course, "ada").with_name("timestamp.txt").write_text("2029-12-31 12:00:00 UTC", encoding="utf-8")
    archive = course.root / _DOWNLOADED
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "download.zip", "w") as download:
        name = f"Bob Byte_1234568_assignsubmission_file/{NAME}.ipynb"
        download.writestr(name, nbformat.writes(released(course)))


def follow(course: Course, block: Block) -> str:
    """Do what a block says, in a shell as an instructor's, and return what the shell said."""
    if block.language == "python":
        found = _FILE.search(block.says)
        assert found, f"where does this go? {block.says}"
        (course.root / found[1]).write_text(block.text, encoding="utf-8")
        named = _NAME_IT.search(PAGE)
        assert named
        with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(f"\n{named[1]}\n")
        return ""
    if block.language == "toml":
        assert "`roster/`" in PAGE and "`rules.toml`" in PAGE
        (course.root / "roster").mkdir()
        (course.root / "roster" / "rules.toml").write_text(block.text, encoding="utf-8")
        return ""
    assert not block.language, block
    activated = "" if "make venv" in block.text else f"{_ACTIVATE}\n"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", activated + block.text],
        cwd=course.root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{block.text}\n{said}"
    assert "Traceback" not in said, f"{block.text}\n{said}"
    return said


@pytest.mark.simulator
@pytest.mark.slow
def test_who_follows_the_page_has_the_files_for_the_lms(clone: Course) -> None:
    said = {}
    for block in blocks_of(PAGE):
        if _COLLECT in block.text:
            assert _DOWNLOADED in PAGE
            hand_in(clone)
        said[block.text] = follow(clone, block)

    assert f"{NAME}: the release is in order" in said[f"make wheel\npython -m autograder verify {NAME}\n"]
    assert list((clone.root / "dist").glob("*.whl"))
    assert "2 of 2 submissions graded." in said[f"python -m autograder grade {NAME}\n"]
    table = PAGE.partition("## What you then have\n\n")[2].partition("\n\n")[0]
    names = [name for line in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", line.split("|")[1])]
    assert "grades-moodle.csv" in names
    for name in names:
        assert (clone.root / name.replace("<student>", "ada")).is_file(), name

    with (clone.root / "grades-moodle.csv").open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    assert "1234568" in text
    assert ",ada,12," in (clone.root / "moodle.csv").read_text(encoding="utf-8-sig")
    with (clone.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"ada": 12, "Bob Byte_1234568": 0}
