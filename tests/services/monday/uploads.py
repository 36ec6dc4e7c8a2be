"""What students hand in: files by their names. Most are the same few notebooks, so that few have to be run."""

from collections.abc import Mapping

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from tests.services.browser.student import mistake
from tests.tools.course_folder import CHECKOUT, NAME, cell_of, released, solved
from tests.unit.nbgrader_plugin.bad_archives import BAD

NOTEBOOK = f"{NAME}.ipynb"
TEXT, LINK = "a text", "a link"
SECOND = {"moodle": f"{NAME} (1).ipynb", "canvas": f"{NAME}-1.ipynb"}
"""The name of a second try: as a browser numbers a download, and as Canvas numbers an upload."""


def uploads(course: Course, lms: str) -> Mapping[str, Mapping[str, bytes]]:
    """By what it is the files of an upload."""
    answer, stub = _bytes(solved(course)), _bytes(released(course))
    mistaken = solved(course)
    cell_of(mistaken, "execute").source = mistake("execute_targets_none")["execute"]
    other = (CHECKOUT.release("average_consensus")).read_bytes()
    notebooks = {
        "model answer": answer,
        "with a mistake": _bytes(mistaken),
        "untouched": stub,
        "another assignment's": other,
        "with CRLF": answer.replace(b"\n", b"\r\n"),
        "in UTF-16": answer.decode().encode("utf-16"),
    }
    archives = ("truncated.zip", "up.zip", "bomb.zip", "password.zip", "link.zip")
    return {
        **{what: {NOTEBOOK: content} for what, content in notebooks.items()},
        **{name: {name: BAD[name][0]()} for name in archives},
        "two tries": {NOTEBOOK: stub, SECOND[lms]: answer},
        TEXT: {"onlinetext.html" if lms == "moodle" else "text.html": b"<p>My dog ate it.</p>"},
        LINK: {"link.html": b'<a href="https://example.org">mine</a>'},
    }


def _bytes(notebook: NotebookNode) -> bytes:
    return str(nbformat.writes(notebook)).encode()
