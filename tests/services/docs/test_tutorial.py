"""The tutorial for authors, followed by the letter: an assignment is built from what the page says, and works."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt

from autograder import assignments, samples
from autograder.cli import main
from autograder.course import CONFIG_NAME
from tests.unit.docs.documents import ROOT

NAME = "ring_of_three"
TUTORIAL = "Build one, step by step"
_COMMAND = "python -m autograder "
_FILE = re.compile(r"`((?:source|solutions|samples)/[\w/]+\.\w+)`:$")
_CELL = re.compile(r"(?P<below>below )?`(?P<id>\w+)`:$")


@dataclass(frozen=True)
class Block:
    """A block of code, with the end of the sentence above it."""

    says: str
    language: str
    text: str


def blocks() -> list[Block]:
    """The blocks of the tutorial, in their order."""
    return list(blocks_of((ROOT / "docs" / "authors.md").read_text(encoding="utf-8"), TUTORIAL))


def blocks_of(page: str, section: str = "") -> Iterator[Block]:
    """The blocks of a page, or of one section of it."""
    tokens = MarkdownIt("commonmark").parse(page)
    said, inside = "", not section
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            inside = not section or tokens[place + 1].content == section
        if token.type == "inline":
            said = token.content.replace("\n", " ")
        if token.type == "fence" and inside:
            yield Block(said, token.info, token.content)


def follow(block: Block) -> None:
    """Do what a block says, in the current folder.

    Raises:
        AssertionError: when a command does not succeed, or nobody could tell what the block is for.
    """
    if not block.language:
        for line in block.text.replace("\\\n", " ").splitlines():
            _carry_out(line)
    elif file := _FILE.search(block.says):
        Path(file[1]).parent.mkdir(parents=True, exist_ok=True)
        Path(file[1]).write_text(block.text, encoding="utf-8")
    else:
        cell = _CELL.search(block.says)
        assert cell, f"where does this go? {block.says}"
        _fill(cell["id"], block.text.rstrip("\n"), below=bool(cell["below"]))


def _carry_out(command: str) -> None:
    if command.startswith(_COMMAND):
        assert main(shlex.split(command.removeprefix(_COMMAND))) == 0, command
    else:
        assert command.startswith("rm "), command
        subprocess.run(command, shell=True, check=True)


def _fill(grade_id: str, text: str, *, below: bool) -> None:
    path = Path("source", NAME, f"{NAME}.ipynb")
    notebook = nbformat.read(path, as_version=4)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    notebook.cells[ids.index(grade_id) + below].source = text
    nbformat.write(notebook, path)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder in which there is no assignment, as the current folder."""
    (tmp_path / "source").mkdir()
    shutil.copy(ROOT / CONFIG_NAME, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.simulator
@pytest.mark.slow
def test_who_follows_the_page_has_an_assignment_that_works(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks():
        follow(block)

    said = capsys.readouterr().out
    assert said.count("1 of 1 gradings have what is expected of each: full marks.") == 1
    (exercise,) = assignments.load(NAME).exercises
    (sample,) = samples.load_all(course / "samples" / NAME)
    failed = sample.failed[exercise.name]
    assert re.findall(rf"^{exercise.name}, (\w+) was not passed", said, re.MULTILINE)[-len(failed) :] == list(failed)


def test_the_page_has_all_that_an_assignment_consists_of() -> None:
    files = {found[1] for block in blocks() if (found := _FILE.search(block.says))}
    commands = [line.split()[3] for block in blocks() for line in block.text.splitlines() if line.startswith(_COMMAND)]

    assert {Path(file).parts[0] for file in files} == {"source", "solutions", "samples"}
    assert list(dict.fromkeys(commands)) == ["new", "release", "verify", "repeat"]
