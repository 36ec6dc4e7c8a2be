"""The feedback page, made of a notebook as nbgrader's GenerateFeedback makes it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from autograder.nbgrader_plugin.feedback import FeedbackExporter
from autograder.nbgrader_plugin.outputs import check_outputs
from autograder.report.grade import Grade, Part
from autograder.report.model import ExerciseReport
from tests.unit.report import rendered

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Outline(HTMLParser):
    """Takes down tags with their attributes, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def told(grade_id: str, **more: object) -> dict[str, object]:
    return {"grade_id": grade_id, "grade": False, "solution": False, "task": False, **more}


def notebook(exercise: ExerciseReport, text: str = "# Peers") -> NotebookNode:
    answer = new_code_cell("class P2PExecutor:\n    pass")
    answer.metadata.nbgrader = told("execute", solution=True, comment=f"Nearly **there**. {EVIL}")
    check = new_code_cell('course.check("execute")', outputs=check_outputs(exercise, 4.0))
    check.metadata.nbgrader = told("test_execute", grade=True, points=4.0, score=exercise.points)
    return new_notebook(cells=[new_markdown_cell(text), answer, check])


def page(exercise: ExerciseReport, text: str = "# Peers", *, late: float = 0.0, folder: str = "") -> str:
    return rendered_page(notebook(exercise, text), late=late, folder=folder)


def rendered_page(made: NotebookNode, *, late: float = 0.0, folder: str = "", **of_check: Any) -> str:
    """The page of a notebook; ``of_check`` is what is particular of the points for its check."""
    set_by_nbgrader = {"template_name": "feedback", "extra_template_basedirs": ["/nowhere"]}
    config = Config({"HTMLExporter": set_by_nbgrader})
    graded = [told for cell in made.cells if (told := cell.metadata.get("nbgrader")) and told["grade"]]
    parts = [Part(told.grade_id, told.points, told.score) for told in graded]
    grade = Grade(tuple(replace(part, **of_check) for part in parts), late)
    written, _ = FeedbackExporter(config=config).from_notebook_node(
        made, {"nbgrader": {"notebook": "p2p", "student": "ada", "grade": grade}, "metadata": {"path": folder}}
    )
    return written


@pytest.fixture(scope="module")
def outline() -> Outline:
    return Outline(page(rendered.partly_right()))


def test_the_results_come_first(outline: Outline) -> None:
    places = [
        outline.words.index(part)
        for part in (
            "2 of 4 points",
            "1 Send",
            "What to try next",
            "Your results",
            "Your notebook",
            "class P2PExecutor",
        )
    ]
    assert places == sorted(places)
    assert "Your targets leave out site-2" in outline.words[: outline.words.index("Your results")]


def test_the_structure_is_that_of_a_page(outline: Outline) -> None:
    assert outline.of("html") == [{"lang": "en"}]
    assert [tag for tag, _ in outline.tags if tag in ("header", "main")] == ["header", "main"]
    assert {attributes.get("scope") for attributes in outline.of("th")} == {"col", "row"}
    assert outline.of("img")
    assert all(attributes.get("alt") for attributes in outline.of("img"))
    assert "Points" in outline.words


def test_links_within_the_page_lead_somewhere(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for attributes in outline.of("a")}
    assert targets == {f"#{name}" for name in ("top", "test_execute", "result-test_execute")}
    assert {target.removeprefix("#") for target in targets} <= set(ids)


ANSWER = "\n\nclass P2PExecutor:\n    def a(self):\n        return '''x\n    y'''\n"
"""A cell whose highlighting begins at its third line."""


def with_places(*places: object, text: str = "# Peers", answer: str = ANSWER) -> Outline:
    made = notebook(rendered.partly_right(), text)
    made.cells[1].source = answer
    made.cells[2].outputs[0].metadata.autograder["places"] = list(places)
    return Outline(rendered_page(made))


def test_answers_have_numbers_of_lines_and_marks_at_those_that_are_named() -> None:
    found = with_places(["execute", 5], ["elsewhere", 1])
    lines = [attributes for attributes in found.of("span") if "line" in str(attributes.get("class")).split()]
    assert {"style": "counter-reset: line 2", "class": "numbered"} in found.of("span")
    assert [one.get("id") for one in lines] == [None, None, "execute-line-5", None]
    assert {"class": "why", "href": "#result-test_execute"} in found.of("a")
    assert {"href": "#execute-line-5"} in found.of("a")
    assert "execute, line 5" in found.words
    assert "y'''" in found.words


def test_cells_that_the_student_added_are_marked_where_one_only_can_be_meant() -> None:
    def found(*added: str) -> Outline:
        made = notebook(rendered.partly_right())
        made.cells[0:0] = [new_code_cell(source) for source in added]
        made.cells[-1].outputs[0].metadata.autograder["places"] = [["def twice", 2, True], ["execute", 2, False]]
        return Outline(rendered_page(made))

    helpers = "def twice(x):\n    return 2 + x"
    one = found(helpers, "def other():\n    return 1")
    (link,) = [link["href"] for link in one.of("a") if "own-cell" in str(link["href"])]
    assert link.removeprefix("#") in [line.get("id") for line in one.of("span")]
    assert "your own cell def twice, line 2, execute, line 2." in re.sub(r"\s+", " ", one.words)
    assert one.words.count("named in a hint") == 2

    two = found(helpers, helpers)
    assert two.words.count("named in a hint") == 1
    assert "your own cell" not in two.words
    assert "your own cell" not in found("def twice(x): return 2 + x").words, "it has no second line"


def test_code_in_a_hint_is_code_wherever_the_hint_is_shown() -> None:
    made = notebook(rendered.partly_right())
    made.cells[2].outputs[0].metadata.autograder["next"] = f"Look at `execute`. {EVIL}"
    written = rendered_page(made)
    assert "Look at <code>execute</code>. &lt;script&gt;" in written
    assert not Outline(written).of("script")


def test_what_is_no_place_is_passed_over() -> None:
    found = with_places(
        ["execute", True], ["execute"], "x", {"a": 1}, [1, "execute"], ["<b>", 3], ["execute", 99], ["execute", 5, 1]
    )
    assert not [attributes for attributes in found.of("span") if "named" in str(attributes.get("class"))]
    assert not found.of("b")
    assert "named here" not in found.words


def test_only_what_grading_has_written_marks_lines() -> None:
    made = notebook(rendered.partly_right())
    forged = new_code_cell("1", outputs=made.cells[2].outputs)
    forged.outputs[0].metadata.autograder["places"] = [["execute", 1]]
    made.cells = [*made.cells[:2], forged]
    assert "named in a hint" not in Outline(rendered_page(made)).words


def test_sections_have_names_to_which_hints_lead() -> None:
    made = notebook(rendered.partly_right(), '## Sending: `send_aux_request`\n\n<h2>a<b>"c</b></h2>')
    assert not [heading for heading in Outline(rendered_page(made)).of("h2") if "id" in heading], "a student's has none"
    made.cells[0].metadata.nbgrader = told("sending", locked=True)
    headings = Outline(rendered_page(made)).of("h2")
    assert "Sending:-send_aux_request" in [heading.get("id") for heading in headings]


def test_nothing_runs_or_comes_from_outside(outline: Outline) -> None:
    assert not outline.of("script", "link", "iframe")
    sources = [str(attributes["src"]) for attributes in outline.of("img") if "src" in attributes]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)


def test_what_a_student_or_a_comment_says_is_no_markup() -> None:
    found = Outline(page(rendered.hostile(), f"{EVIL}\n\n<a href='javascript:alert(1)'>x</a>"))
    assert not found.of("script")
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert "Nearly there" in found.words
    assert {str(link["href"])[:1] for link in found.of("a") if "href" in link} == {"#"}


def test_what_nbgrader_writes_by_itself_is_not_called_an_instructors_comment() -> None:
    made = notebook(rendered.partly_right())
    assert "Comment of your instructor" in rendered_page(made)
    made.cells[1].metadata.nbgrader["comment"] = "No response."
    assert "Comment of your instructor" not in rendered_page(made)


def test_a_late_penalty_is_told() -> None:
    found = Outline(page(rendered.partly_right(), late=1.0))
    assert "1 of 4 points" in found.words
    assert re.search(r"Handed in late\s*−1 points", found.words)


def test_points_by_hand_stand_in_place_of_those_of_the_checks() -> None:
    found = Outline(rendered_page(notebook(rendered.partly_right()), by_hand=0.5, extra=1.0))
    words = " ".join(found.words.split())
    assert "1.5 of 4 points" in words
    assert "points given by hand, 1 extra credit" in words
    assert "gave 0.5 of 4 points by hand. They stand in place of the 2 points of these checks." in words
    assert "not your grade yet" not in words


def test_what_waits_for_a_person_is_not_called_a_grade() -> None:
    words = " ".join(Outline(rendered_page(notebook(rendered.partly_right()), by_hand=1.0, waits=True)).words.split())
    assert "1 of 4 points so far" in words
    assert "This is not your grade yet" in words


def test_the_points_are_not_shown_twice(outline: Outline) -> None:
    assert "2.0" not in outline.words


def test_figures_are_part_of_the_page_and_no_other_file_is(tmp_path: Path) -> None:
    folder = tmp_path / "course" / "figures"
    folder.mkdir(parents=True)
    (folder / "race.svg").write_text("<svg>figure</svg>")
    (folder / "large.png").write_bytes(b"x" * 1_000_001)
    secret = tmp_path / "secret.png"
    secret.write_text("secret")
    (folder / "link.png").symlink_to(secret)
    names = [
        "figures/race.svg",
        "figures/link.png",
        "figures/large.png",
        "figures/none.png",
        "figures/../../secret.png",
    ]
    text = "\n\n".join(
        f"![figure](<{name}>)" for name in [*names, str(secret), f"file://{secret}", "http://x.org/x.png"]
    )
    images = Outline(page(rendered.partly_right(), text, folder=str(tmp_path / "course"))).of("img")
    sources = [image.get("src") for image in images if image["alt"] == "figure"]
    assert sources[0] == "data:image/svg+xml;base64,PHN2Zz5maWd1cmU8L3N2Zz4="
    assert sources[1:] == [None] * 7
