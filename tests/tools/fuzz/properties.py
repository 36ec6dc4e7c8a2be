"""What must hold for any bytes that a stranger hands in, one function for each reader of them.

Each gets an input and fails when the reader raises what it has not declared, or returns what it must not.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePath
from typing import Any

import nbformat
from hypothesis import strategies as st
from nvflare.apis.dxo import DXO, DataKind
from nvflare.fuel.utils import fobs

from autograder import assignments
from autograder.evidence.logs import parse_line, read_log, read_printed
from autograder.grading.notebook_program import part_for
from autograder.grading.reference import Reference
from autograder.grading.student_part import NoSuchClass
from autograder.nbgrader_plugin import render_worker
from autograder.nbgrader_plugin.choosing import AmbiguousDownload, choose
from autograder.nbgrader_plugin.rendering import Allowance, NotRendered, Piece, rendered
from autograder.nbgrader_plugin.staged import stage
from autograder.nbgrader_plugin.unpack import OF_A_STUDENT, unpack
from autograder.report.html_filter import TAGS, clean_course_text, clean_html, clean_student_text
from autograder.report.sanitize import visible
from autograder.roster.model import Roster
from autograder.simulator.folder import RunFolder
from autograder.simulator.journal import JournalReader
from autograder.simulator.nvflare_private.payload import Stream, decode, describe_content, reply_content
from autograder.submission.file import NotANotebook, load_notebook
from autograder.submission.model import Cell
from autograder.submission.percent import read_parts
from autograder.submission.python_code import parse, python_of
from autograder.submission.read import from_notebook, read_submission
from tests.tools.course_folder import CHECKOUT, NAME
from tests.tools.fuzz import inputs

ASSIGNMENT = assignments.load(NAME)
_IDS = [name for exercise in ASSIGNMENT.exercises for name in (exercise.name, exercise.check_cell)]
REFERENCE = Reference.of(CHECKOUT, ASSIGNMENT)
_RELEASE = json.dumps(json.loads(CHECKOUT.release(NAME).read_text(encoding="utf-8")), indent=None).encode()
_LONGEST_MESSAGE = 5_000
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Property:
    """What must hold, and of which inputs.

    Attributes:
        seconds: of CPU time that one input may take, on a slow machine.
    """

    inputs: st.SearchStrategy[Any]
    holds: Callable[[Any], None]
    seconds: float = 10.0


def notebook_file(content: bytes) -> None:
    """A notebook is read, or it is said why not; grading and nbgrader get what they can work with."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, f"{NAME}.ipynb")
        path.write_bytes(content)
        submission = read_submission(path, ASSIGNMENT, CHECKOUT)
        for problem in submission.problems:
            assert len(problem.message) <= _LONGEST_MESSAGE
            problem.message.encode("utf-8")
        try:
            notebook, _ = load_notebook(path)
        except NotANotebook as error:
            assert str(error)
            return
        from_notebook(notebook, ASSIGNMENT)
        try:
            stage(path.parent, NAME, Path(name, "staged"))
        except OSError:
            return
        nbformat.read(Path(name, "staged", path.name), as_version=4)


def percent(text: str) -> None:
    """A text in percent format has parts, or a marker that is none."""
    try:
        parts = read_parts(text)
    except ValueError:
        return
    assert sum(len(part.source) for part in parts) <= len(text)


def cell_code(text: str) -> None:
    """A cell's code is Python, or it is said why not."""
    assert python_of(text) is not None
    assert parse(text) is not None


def program(text: str) -> None:
    """A notebook's cells make a program with a line for each of theirs, or a class is missing, and it is said where."""
    cells = [Cell("execute", text), Cell(None, text[::-1]), Cell(None, f"class TalkingExecutor:\n{text}")]
    cells.append(Cell("handle_event", "class TalkingExecutor:\n    pass"))
    longest = 1 + max(len(_LINE_END.findall(cell.source)) for cell in (*REFERENCE.given, *cells))
    for exercise in ASSIGNMENT.exercises:
        try:
            part = part_for(exercise, cells, ASSIGNMENT, REFERENCE.given)
        except NoSuchClass as why:
            assert str(why) and why.hint
            continue
        lines = part.program.source.count("\n") + 2
        places = [part.locate(line) for line in range(0, lines, max(1, lines // 50))]
        assert any(places)
        assert all(1 <= place.line <= longest and len(str(place)) <= _LONGEST_MESSAGE for place in places if place)


def log(content: bytes) -> None:
    """A log has lines, whatever it is, none of them too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = RunFolder(Path(name))
        file = folder.work_dirs / "site-1" / "workspace" / "site-1" / "log.json"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
        limit = 20_000
        found = read_log(folder, "site-1", limit)
        assert all(len(line.text) <= limit for line in found.lines)
        output = folder.output("site-1")
        output.write_bytes(content)
        assert len(read_printed(output)) <= limit
    for line in content.decode("utf-8", "replace").splitlines()[:50]:
        parse_line(line, "site-1")


def journal(content: bytes) -> None:
    """A journal has entries, whatever it is."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "x.jsonl")
        path.write_bytes(content)
        reader = JournalReader(path)
        assert all(isinstance(entry["kind"], str) for entry in reader.read())
        assert reader.read() == []


def message(content: bytes) -> None:
    """A message can be described, whatever it is."""
    stream = Stream({})
    stream.add(content)
    described = [describe_content(decode(stream)), reply_content(stream)]
    assert all(len(str(one)) <= _LONGEST_MESSAGE for one in described)


def archive(content: bytes) -> None:
    """Of an archive there are files, below the folder that they are meant for, or it is said why not."""
    with tempfile.TemporaryDirectory() as name:
        path, folder = Path(name, "x.zip"), Path(name, "to", "there")
        path.write_bytes(content)
        done = unpack(path, folder, OF_A_STUDENT)
        assert not done.disk
        json.dumps([done.why, done.left_out]).encode("utf-8")
        found = [Path(parent, file) for parent, _, files in os.walk(name) for file in files]
        assert all(file == path or file.is_relative_to(folder) for file in found)
        assert not any(file.is_symlink() for file in found)
        for file in found:
            str(file).encode("utf-8")


def download(names: list[str]) -> None:
    """Whatever files a download has, it is known what to collect, or said why not."""
    paths = {PurePath(name) for name in names if name.strip("/.") and "\x00" not in name and not name.startswith("/")}
    try:
        chosen = choose(paths, [f"{NAME}.ipynb"], Roster()).files
    except AmbiguousDownload:
        return
    assert {found.path for found, _ in chosen} <= paths


def text_on_a_page(text: str) -> None:
    """A text becomes HTML of bounded size and depth that can do nothing, or it is said why not."""
    _is_harmless_if_rendered(Piece(text))
    _is_harmless_if_rendered(Piece(text, language="ipython3"))


def _is_harmless_if_rendered(piece: Piece) -> None:
    try:
        page = rendered(piece, Allowance())
    except NotRendered as why:
        assert str(why)
        return
    assert len(page) <= render_worker.LARGEST_HTML
    assert render_worker.depth(page) <= render_worker.DEEPEST
    _is_harmless(page)


def cleaning(page: str) -> None:
    """HTML that was cleaned can run or fetch nothing; a student's has no names and no places either."""
    for clean in (clean_html, clean_course_text):
        _has_only_known_tags(clean(page))
    cleaned = clean_student_text(page)
    _is_harmless(cleaned)
    _is_harmless(clean_student_text(cleaned))
    visible(page).encode("utf-8")


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def _has_only_known_tags(page: str) -> list[tuple[str, dict[str, str]]]:
    page.encode("utf-8")
    tags = _Tags(page).tags
    for tag, attributes in tags:
        assert tag in TAGS, tag
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("href", "#").lower().startswith(("http://", "https://", "mailto:", "#"))
        assert attributes.get("src", "data:image/").startswith(("data:image/", "figures/"))
        assert "url" not in attributes.get("style", "").lower()
    return tags


def _is_harmless(page: str) -> None:
    for _, attributes in _has_only_known_tags(page):
        assert attributes.keys() <= {"href", "src", "alt", "title", "style", "class", "scope"}
        names = {part.partition(":")[0].strip() for part in attributes.get("style", "").split(";")}
        assert not names & {"position", "margin", "width", "height", "display", "float", "opacity", "transform"}


def _packed(value: Any) -> bytes:
    return bytes(fobs.dumps(value))


_REQUEST = DXO(DataKind.WEIGHTS, data={"message": "Hello from site-1"}).to_shareable()
_JOURNAL = b'{"n": 1, "time": 1.5, "kind": "request", "text": "x"}\n{"n": 2, "kind": "settled"}\n'
_LOG = json.dumps({"asctime": "a", "name": "b", "levelname": "INFO", "fl_ctx": "c", "message": "d"}).encode() + b"\n"

PROPERTIES = {
    "archive": Property(inputs.archives(), archive),
    "cell_code": Property(inputs.texts(), cell_code),
    "cleaning": Property(inputs.texts().map(lambda text: text[:5_000]), cleaning),
    "download": Property(st.lists(inputs.texts().map(lambda text: text[:100]), max_size=8), download),
    "journal": Property(inputs.data(_JOURNAL), journal),
    "log": Property(inputs.data(_LOG), log),
    "message": Property(inputs.data(_packed(_REQUEST), _packed({"a": [1, "b"]})), message),
    "notebook_file": Property(st.one_of(inputs.notebooks(_IDS), inputs.data(_RELEASE)), notebook_file),
    "percent": Property(inputs.texts(), percent),
    "program": Property(inputs.texts(), program),
    "text_on_a_page": Property(inputs.texts(), text_on_a_page),
}
"""By name. What reads bytes of strangers and is not here yet belongs here."""
