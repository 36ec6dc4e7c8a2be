"""nbgrader gets a notebook that it can read, and nothing else but the time, and the secret of its exchange."""

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.nbgrader_plugin.staged import stage

NAME = "p2p_communication"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["much\n"]}
CELL: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["x\r\n", "y"], "outputs": [OUTPUT]}


def staged(folder: Path, *cells: Any, name: str = f"{NAME}.ipynb") -> Path:
    submitted = folder / "submitted"
    submitted.mkdir()
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"a": 5}, "cells": cells})
    (submitted / name).write_text(text, encoding="utf-16")
    (submitted / "timestamp.txt").write_text("2030-12-31 23:59:00 UTC")
    (submitted / ".venv" / "lib").mkdir(parents=True)
    (submitted / ".venv" / "lib64").symlink_to("lib")
    (submitted / "data.csv").write_text("1,2")
    stage(submitted, NAME, folder / "staged" / "ada")
    return folder / "staged" / "ada"


@pytest.mark.parametrize("name", [f"{NAME}.ipynb", f"{NAME} (2).ipynb.txt"])
def test_the_notebook_and_the_time_are_all_there_is(tmp_path: Path, name: str) -> None:
    folder = staged(tmp_path, CELL, name=name)
    assert {path.name for path in folder.rglob("*")} == {f"{NAME}.ipynb", "timestamp.txt"}
    (cell,) = nbformat.read(folder / f"{NAME}.ipynb", as_version=4).cells
    assert (cell.id, cell.source, cell.outputs) == ("a", "x\ny", [])


@pytest.mark.parametrize(("secret", "kept"), [(b"0a" * 64, True), (b"\xff", False), (b"", False), (None, False)])
def test_the_secret_of_the_exchange_goes_with_it_if_there_is_one(
    tmp_path: Path, secret: bytes | None, kept: bool
) -> None:
    submitted = staged(tmp_path, CELL).parents[1] / "submitted"
    if secret is not None:
        (submitted / "submission_secret.txt").write_bytes(secret)
    stage(submitted, NAME, tmp_path / "again")
    there = tmp_path / "again" / "submission_secret.txt"
    assert there.is_file() == kept
    assert not kept or there.read_bytes() == secret


@pytest.mark.parametrize(
    "odd", [None, 5, [], {}, {"cell_type": 5, "source": {}}, {**CELL, "attachments": 5}, {"id": 1}]
)
def test_nbformat_can_read_it_whatever_cells_there_are(tmp_path: Path, odd: Any) -> None:
    read = nbformat.read(staged(tmp_path, odd, CELL) / f"{NAME}.ipynb", as_version=4)
    assert read.cells[-1].source == "x\ny"


@pytest.mark.parametrize("where", ["metadata", "nbgrader", "attachments", "attachments of text"])
def test_nothing_in_it_is_nested_deeply_or_of_another_kind(tmp_path: Path, where: str) -> None:
    deep = json.loads("[" * 600 + "]" * 600)
    odd = {
        "metadata": {**CELL, "metadata": {"x": deep}},
        "nbgrader": {**CELL, "metadata": {"nbgrader": {"grade_id": "a", "points": deep}}},
        "attachments": {**CELL, "cell_type": "markdown", "attachments": {"x.png": deep}},
        "attachments of text": {**CELL, "cell_type": "markdown", "attachments": {"x.png": {"image/png": deep}}},
    }
    read = nbformat.read(staged(tmp_path, odd[where]) / f"{NAME}.ipynb", as_version=4)
    nbformat.validate(copy.deepcopy(read))
    assert read.cells[0].metadata == ({"nbgrader": {"grade_id": "a"}} if where == "nbgrader" else {})
    assert not read.cells[0].get("attachments")


def test_pictures_and_what_nbgrader_has_to_know_stay(tmp_path: Path) -> None:
    told = {"grade_id": "a", "points": 4, "locked": True}
    picture = {"x.png": {"image/png": "AAAA"}}
    cell = {**CELL, "cell_type": "markdown", "metadata": {"nbgrader": told}, "attachments": picture}
    (read,) = nbformat.read(staged(tmp_path, cell) / f"{NAME}.ipynb", as_version=4).cells
    assert (read.metadata.nbgrader, read.attachments) == (told, picture)


def test_what_is_gone_meanwhile_is_an_error_of_the_file_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        stage(tmp_path / "gone", NAME, tmp_path / "staged")
