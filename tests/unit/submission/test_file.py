"""Notebooks as tools and people leave them: encodings, outputs of any size, names."""

import codecs
import copy
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from autograder.assignments import load
from autograder.course import Course
from autograder.grading.cache_key import content_key
from autograder.simulator.run_settings import RunSettings
from autograder.simulator.sandbox.commands import Isolation
from autograder.submission.file import NotANotebook, find_notebook, load_notebook
from autograder.submission.model import Submission
from autograder.submission.read import read_submission
from autograder.submission.released import ReleasedCell, released_cells
from tests.tools.course_folder import CHECKOUT
from tests.tools.cpu_time import grows_like_its_input

SETTINGS = RunSettings(Isolation.SANDBOX)
ASSIGNMENT = load("p2p_communication")
NAME = ASSIGNMENT.name
RELEASE: dict[str, Any] = json.loads(CHECKOUT.release(NAME).read_text(encoding="utf-8"))


def read(folder: Path, data: bytes, name: str = f"{NAME}.ipynb") -> Submission:
    (folder / name).write_bytes(data)
    return read_submission(folder, ASSIGNMENT, CHECKOUT)


def plain(folder: Path) -> Submission:
    return read(folder, json.dumps(RELEASE).encode())


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_any_encoding_with_a_mark_gives_the_same(tmp_path: Path, mark: bytes, encoding: str) -> None:
    marked = copy.deepcopy(RELEASE)
    marked["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "Grüße, 学生 🙂"})
    text = json.dumps(marked, ensure_ascii=False, indent=1)
    assert read(tmp_path, mark + text.encode(encoding)) == plain(tmp_path)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_in_the_file_and_in_cells_change_nothing(tmp_path: Path, end: str) -> None:
    changed = copy.deepcopy(RELEASE)
    for cell in changed["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", end)
    text = json.dumps(changed, indent=1).replace("\n", end)
    same = read(tmp_path, text.encode())
    assert same == plain(tmp_path)
    assert same.problems == ()


def test_the_content_key_depends_on_nothing_but_the_cells(tmp_path: Path) -> None:
    changed = copy.deepcopy(RELEASE)
    changed["metadata"] = {"kernelspec": {"name": "other"}, "language_info": {"version": "3.99.0"}}
    for cell in changed["cells"]:
        cell["metadata"]["collapsed"] = True
        if cell["cell_type"] == "code":
            cell.update(execution_count=7, outputs=[{"output_type": "stream", "name": "stdout", "text": ["x\n"]}])
    other = read(tmp_path, codecs.BOM_UTF8 + json.dumps(changed, indent=4).replace("\n", "\r\n").encode())
    assert content_key(other, ASSIGNMENT, CHECKOUT, SETTINGS) == content_key(
        plain(tmp_path), ASSIGNMENT, CHECKOUT, SETTINGS
    )


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


OUTPUTS = ('"a line of it\\n",\n   ', "1.25,\n      ", '{"data": {"text/plain": ["<Figure 1>"]}},', "[],")


@pytest.mark.parametrize("part", OUTPUTS)
def test_outputs_of_any_size_do_not_count(tmp_path: Path, part: str) -> None:
    read_with_outputs(tmp_path, "[" + part * (60_000_000 // len(part)) + "1]")


@pytest.mark.parametrize("part", OUTPUTS)
def test_outputs_take_time_like_their_size(tmp_path: Path, part: str) -> None:
    def read_it(size: int) -> None:
        read_with_outputs(tmp_path, "[" + part * (size // len(part)) + "1]")

    assert grows_like_its_input(read_it, 1_000_000)


def test_outputs_become_no_objects(tmp_path: Path) -> None:
    outputs = "[" + "[]," * 1_000_000 + "1]"
    tracemalloc.start()
    try:
        read_with_outputs(tmp_path, outputs)
        assert tracemalloc.get_traced_memory()[1] < 8 * len(outputs)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("outputs", [nested(100_000), f'[{{"data": {{"application/json": {nested(5000)}}}}}]'])
def test_outputs_may_be_nested_deeply(tmp_path: Path, outputs: str) -> None:
    read_with_outputs(tmp_path, outputs)


def test_outputs_without_an_end_are_no_notebook(tmp_path: Path) -> None:
    with pytest.raises(NotANotebook) as found:
        read_with_outputs(tmp_path, "[[]")
    assert found.value.problem.code == "file.not_json"


def read_with_outputs(folder: Path, outputs: str) -> None:
    """Read the release with something in the place of a cell's outputs. It has to be the same."""
    path = folder / f"{NAME}.ipynb"
    path.write_text(json.dumps(RELEASE).replace('"outputs": []', f'"outputs": {outputs}', 1), encoding="ascii")
    notebook, _ = load_notebook(path)
    assert notebook == RELEASE


def test_pictures_for_which_a_notebook_would_be_too_large_are_left_out(tmp_path: Path) -> None:
    large = copy.deepcopy(RELEASE)
    picture = {"photo.png": {"image/png": "A" * (12 << 20)}}
    large["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "", "attachments": picture})
    assert read(tmp_path, json.dumps(large).encode()) == plain(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME} (2).ipynb",
        f"{NAME}(1).ipynb",
        f"{NAME}-Copy1.ipynb",
        f"{NAME} - Copy.ipynb",
        f"{NAME} – Kopie.ipynb",
        f"Copy of {NAME}.ipynb",
        f"{NAME} copy 2.ipynb",
        f"{NAME}_Lovelace_Ada.ipynb",
        "P2P_Communication.IPYNB",
        "p2p-communication.ipynb",
        "p2p communication.ipynb",
        f"{NAME}.ipynb.txt",
        f"{NAME}.ipynb.json",
        f"{NAME} (3).ipynb.TXT",
        f"{NAME}.ipynb.ipynb",
    ],
)
def test_the_only_notebook_is_taken_with_a_note_that_names_it(tmp_path: Path, name: str) -> None:
    for entry in (".venv", "__pycache__", "node_modules", ".ipynb_checkpoints", "data.ipynb"):
        (tmp_path / entry).mkdir()
    (tmp_path / ".ipynb_checkpoints" / f"{NAME}.ipynb").write_text("{}")
    for entry in (f"._{NAME}.ipynb", f".~{NAME}.ipynb", f"{NAME}.ipynb~", f"{NAME}.ipynb.zip", "notes.txt"):
        (tmp_path / entry).write_text("{}")

    (problem,) = read(tmp_path, json.dumps(RELEASE).encode(), name).problems
    assert (problem.code, problem.data["file"]) == ("file.other_name_taken", name)

    (tmp_path / "Untitled.ipynb").write_text("{}")
    with pytest.raises(NotANotebook) as several:
        find_notebook(tmp_path, NAME)
    assert several.value.problem.code == "file.other_name"
    assert several.value.problem.data["notebooks"] == tuple(sorted([name, "Untitled.ipynb"]))

    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(RELEASE))
    found, note = find_notebook(tmp_path, NAME)
    assert note and (found, note.code) == (path, "file.left_aside")
    assert note.data["notebooks"] == several.value.problem.data["notebooks"]


def test_what_there_is_instead_of_a_notebook_is_named(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.zip").write_text("")
    with pytest.raises(NotANotebook, match=r"It holds `0\.zip`, `1\.zip` and `2\.zip`\.") as found:
        find_notebook(tmp_path, NAME)
    assert found.value.problem.code == "file.none"


def test_links_under_another_name_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / f"{NAME} (2).ipynb").symlink_to(os.devnull)
    (problem,) = read_submission(tmp_path, ASSIGNMENT, CHECKOUT).problems
    assert problem.code == "file.link"


def test_the_released_cells_are_read_anew_when_the_file_changes(tmp_path: Path) -> None:
    for folder in ("source", "release"):
        (tmp_path / folder / NAME).mkdir(parents=True)
    course = Course(tmp_path)
    course_cells = []
    for folder in ("source", "release"):
        path = tmp_path / folder / NAME / f"{NAME}.ipynb"
        cell = {"cell_type": "code", "id": folder, "metadata": {"nbgrader": {"grade_id": "a", "locked": True}}}
        path.write_text(json.dumps({"nbformat": 4, "cells": [{**cell, "source": ["x\n", "y"]}]}))
        course_cells.append(released_cells(course, NAME))
    assert course_cells == [(ReleasedCell("a", name, "code", "x\ny", True),) for name in ("source", "release")]
