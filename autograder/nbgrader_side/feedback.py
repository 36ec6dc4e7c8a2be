"""The exporter of feedback pages: the results first, in one file that fetches nothing and runs no script."""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, pass_context
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.nbgrader_side.code_lines import line_anchor, line_name, numbered_lines, places_named
from autograder.report.elements import prose
from autograder.report.sections import anchor, with_anchors

_TEMPLATES = Path(__file__).parent / "templates"
_FIGURE = re.compile(r'src="(figures/[\w-]+\.(svg|png))"', re.ASCII)
_KINDS = {"svg": "svg+xml", "png": "png"}
_LARGEST = 1_000_000
_AUTOMATIC_COMMENT = "No response."
"""What nbgrader writes itself under an answer that is as it was handed out, which the results say already."""


def _by_a_person(comment: str | None) -> bool:
    """Whether a comment is one that somebody wrote."""
    return bool(comment) and comment != _AUTOMATIC_COMMENT


_FILTERS = {
    "by_a_person": _by_a_person,
    "line_anchor": line_anchor,
    "line_name": line_name,
    "numbered_lines": numbered_lines,
    "places_named": places_named,
    "prose": prose,
    "section_anchor": anchor,
}


class _Compiled(BytecodeCache):
    """Templates compiled in this process. nbconvert makes a new environment for each page, which would do it again."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key + bucket.checksum] = bucket.code


_compiled = _Compiled()


class FeedbackExporter(HTMLExporter):
    """Has to be ``c.GenerateFeedback.exporter_class``.

    It is a class of its own since what is set for ``HTMLExporter`` would hold for the pages of the Formgrader too.
    """

    def __init__(self, config: Config | None = None, **more: Any) -> None:
        own = {
            "template_name": "course_feedback",
            "extra_template_basedirs": [str(_TEMPLATES)],
            "exclude_anchor_links": True,
        }
        given = Config({"FeedbackExporter": own})
        given.merge(config or Config())
        super().__init__(config=given, **more)  # type: ignore[no-untyped-call]

    def from_notebook_node(  # type: ignore[override]  # as in HTMLExporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page and its resources.

        ``HTMLExporter`` parses each page once more, for what the templates of Notebook and JupyterLab leave out. Ours
        leaves nothing out, and a class of hundreds would wait for it.
        """
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        highlight = Highlight2HTML(pygments_lexer=lexer, parent=self)
        self.register_filter("highlight_code", highlight)  # type: ignore[no-untyped-call]
        for name, made in _FILTERS.items():
            self.register_filter(name, made)  # type: ignore[no-untyped-call]
        page, told = TemplateExporter.from_notebook_node(self, nb, resources, **more)
        return page, told

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.bytecode_cache = _compiled
        return environment

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """A text as HTML, with the assignment's figures in it, and with names at its headings to which hints lead."""
        written: str = super().markdown2html(context, source)
        return _with_figures(with_anchors(written), Path(context["resources"]["metadata"]["path"]))


def _with_figures(page: str, folder: Path) -> str:
    """The page with figures of the assignment's folder as part of it.

    ``embed_images`` of nbconvert would do so with any file that a student's text names, the gradebook included.
    """
    return _FIGURE.sub(lambda found: _embedded(found, folder), page)


def _embedded(found: re.Match[str], folder: Path) -> str:
    file = folder / found[1]
    inside = file.resolve().is_relative_to((folder / "figures").resolve())
    if not inside or not file.is_file() or file.stat().st_size > _LARGEST:
        return found[0]
    return f'src="data:image/{_KINDS[found[2]]};base64,{b64encode(file.read_bytes()).decode("ascii")}"'
