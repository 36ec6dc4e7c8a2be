"""What a student writes into a notebook neither stops the making of a page nor takes it over, on both kinds of page."""

import re
from collections.abc import Callable
from pathlib import Path

import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.nbgrader_plugin import page_cells, page_filters, render_worker, rendering
from autograder.nbgrader_plugin.attachments import MISSING
from autograder.nbgrader_plugin.rendering import Allowance, NotRendered, Piece, rendered
from autograder.report.html_filter import TAGS
from tests.tools.course_folder import CHECKOUT
from tests.tools.cpu_time import seconds_so_far
from tests.unit.nbgrader_plugin.test_feedback import Outline, notebook, rendered_page
from tests.unit.nbgrader_plugin.text_attacks import COSTLY, COVERING, RUNNING
from tests.unit.report.rendered import partly_right

TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
ADDRESSES = re.compile(r"#|https?://|mailto:")
MOST_WORK = 10.0
"""CPU seconds that a page of the worst texts takes at most, with all processes that render for it."""


def formgrader_page(made: NotebookNode, base_url: str = "/base") -> str:
    """The page on which an instructor grades by hand, with the configuration of the course."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(CHECKOUT.root)).load_config()
    config.merge(Config({"HTMLExporter": {"template_name": "formgrade", "extra_template_basedirs": [str(TEMPLATES)]}}))
    told = {"notebook_id": "p2p", "submission_id": "1", "index": 0, "total": 1, "base_url": base_url, "student": "ada"}
    written, _ = HTMLExporter(config=config).from_notebook_node(made, {**told, "metadata": {"path": ""}})
    return written


PAGES: dict[str, Callable[[NotebookNode], str]] = {"feedback": rendered_page, "formgrader": formgrader_page}


def with_cells(*cells: NotebookNode) -> NotebookNode:
    made = notebook(partly_right())
    made.cells += cells
    return made


def of_the_course(text: str) -> NotebookNode:
    cell = new_markdown_cell(text)
    cell.metadata.nbgrader = {"grade_id": "own", "locked": True, "solution": False, "grade": False}
    return cell


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("name", [*COVERING, *RUNNING])
def test_a_text_has_no_way_to_place_name_or_run_anything(name: str, kind: str) -> None:
    written = PAGES[kind](with_cells(new_markdown_cell((COVERING | RUNNING)[name]), of_the_course("The end.")))
    whose = written.rindex(page_filters.WHOSE)
    assert "2 of 4 points" in Outline(written[:whose]).words
    found = Outline(written[whose : written.rindex('class="cell', 0, written.index("The end."))])
    for tag, attributes in found.tags:
        assert tag in TAGS
        assert attributes.keys() <= {"href", "src", "alt", "title", "style", "class", "scope"}
        assert not re.search(r"position|margin|url|width|height|inset|shadow|indent", attributes.get("style") or "")
        assert (attributes.get("class") or "") in {"", "highlight"}
        assert ADDRESSES.match(attributes.get("href") or "#")
        assert (attributes.get("src") or "data:image/").startswith("data:image/")


@pytest.mark.parametrize("kind", PAGES)
def test_a_frame_says_whose_text_it_is_and_is_around_all_of_it(kind: str) -> None:
    written = PAGES[kind](with_cells(new_markdown_cell("</div></div>**mine**"), new_raw_cell("<b>raw</b></div>")))
    for text in ("mine", "&lt;b&gt;raw"):
        start = written.rindex('<div class="by-student"', 0, written.index(text))
        inside = written[start : written.index(text)]
        assert inside.count("<div") - inside.count("</div") == 1
        assert "contain: paint" in inside and page_filters.WHOSE in inside
    unchanged = notebook(partly_right())
    unchanged.cells[0] = of_the_course("# Peers")
    assert page_filters.WHOSE not in PAGES[kind](unchanged)


@pytest.mark.parametrize("name", COSTLY)
def test_a_text_ends_at_its_limit(name: str) -> None:
    allowance, begun = Allowance(), seconds_so_far()
    try:
        found = rendered(Piece(COSTLY[name][: rendering.LONGEST_TEXT]), allowance)
    except NotRendered as why:
        assert str(why)
    else:
        assert len(found) <= render_worker.LARGEST_HTML
        assert render_worker.depth(found) <= render_worker.DEEPEST
    assert allowance.seconds >= Allowance().seconds - rendering.LIMIT - 0.5
    assert seconds_so_far() - begun < MOST_WORK


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_the_worst_texts_is_made(kind: str) -> None:
    costly = [new_markdown_cell(text) for text in COSTLY.values()]
    code = [new_code_cell(text[:90_000]) for text in COSTLY.values()]
    begun = seconds_so_far()
    written = PAGES[kind](with_cells(*costly, *code, new_markdown_cell("the last **one**")))
    assert seconds_so_far() - begun < MOST_WORK
    words = Outline(written).words
    assert rendering.TOO_LONG in words and rendering.NO_TIME_LEFT in words
    assert "it has 300,002 characters" in words
    assert "2 of 4 points" in words, "the results are all there"
    assert len(written) < 3_000_000


def test_texts_of_the_course_are_there_whatever_a_student_wrote() -> None:
    made = with_cells(*(new_markdown_cell(COSTLY["spaces"]) for _ in range(5)), of_the_course("## The *end*"))
    assert '<h2 id="The-end">The <em>end</em></h2>' in rendered_page(made)


def test_a_process_that_has_ended_is_replaced() -> None:
    for _ in range(2):
        with pytest.raises(NotRendered, match=rendering.TOO_LONG):
            rendered(Piece(COSTLY["spaces"]), Allowance())
        assert rendered(Piece("*a*"), Allowance()) == "<p><em>a</em></p>\n"


def test_memory_has_a_limit() -> None:
    image = {"x": {"image/png": "A" * 100_000}}
    with pytest.raises(NotRendered):
        rendered(Piece("![](attachment:x)" * 2_500, attachments=image), Allowance())


@pytest.mark.parametrize(
    "attachments", [{}, {"other.png": {}}, {"sketch.png": {}}, {"sketch.png": 1}, {"sketch.png": {"image/png": "A"}}]
)
def test_an_image_that_is_not_in_the_notebook_costs_nobody_a_page(attachments: dict[str, object]) -> None:
    found = rendered(Piece("before ![my sketch](attachment:sketch.png) after", attachments=attachments), Allowance())
    assert "before" in found and "my sketch" in found and "after" in found
    there = attachments == {"sketch.png": {"image/png": "A"}}
    assert ("data:image/png;base64,A" if there else MISSING["image/svg+xml"]) in found


def test_images_of_a_notebook_do_not_fill_the_page_without_end() -> None:
    allowance = Allowance(characters=10_000)
    image = Piece("![x](attachment:x)", attachments={"x": {"image/png": "A" * 4_000}})
    for _ in range(2):
        rendered(image, allowance)
    with pytest.raises(NotRendered, match=rendering.NO_ROOM_LEFT):
        rendered(image, allowance)


def test_what_looks_like_a_tag_is_still_read() -> None:
    found = rendered(Piece("`List<int>` and Dict<str, int> and x < y and <your name>"), Allowance())
    words = Outline(found).words
    assert "List<int> and Dict<str, int> and x < y and <your name>" in words


def test_ordinary_formatting_stays() -> None:
    text = "# A\n\n*b* **c** ~~d~~ `e` [f](https://x.org)\n\n> g\n\n- h\n\n| i | j |\n|---|---|\n| k | l |\n\n"
    text += '<span style="color: red">m</span> <sub>n</sub>\n\n```python\ndef f(): pass\n```\n'
    found = Outline(rendered(Piece(text), Allowance()))
    tags = {tag for tag, _ in found.tags}
    assert tags >= {
        "h1",
        "em",
        "strong",
        "del",
        "code",
        "a",
        "blockquote",
        "ul",
        "li",
        "table",
        "th",
        "td",
        "sub",
        "pre",
    }
    assert {"style": "color:red"} in found.of("span")
    assert {"class": "k"} in found.of("span")
    assert {"class": "highlight"} in found.of("div")


def test_code_is_shown_without_colours_where_there_are_none() -> None:
    made = notebook(partly_right())
    made.cells[1].source = "x = 1\n" * 30_000
    written = rendered_page(made)
    assert "This code is shown without colours" in written
    assert "x = 1" in written and len(written) < 2_000_000


@pytest.mark.parametrize("kind", PAGES)
def test_a_notebook_of_very_many_cells_is_cut(kind: str) -> None:
    many = [new_markdown_cell(f"text {number}") for number in range(page_cells.MOST + 50)]
    made = with_cells(*many)
    words = Outline(PAGES[kind](made)).words
    assert "51 more cells are left out of this page" in words
    assert "2 of 4 points" in words
    assert len(made.cells) == 3 + len(many), "the notebook itself stays as it is"
