"""The exporter of feedback pages: the results first, in one file that fetches nothing and runs no script."""

from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.nbgrader_plugin import page_cells, page_filters
from autograder.nbgrader_plugin.code_lines import line_anchor, line_name, numbered_lines, places_named
from autograder.report.elements import prose
from autograder.report.html_filter import clean_html
from autograder.report.sections import anchor

_TEMPLATES = Path(__file__).parent / "templates"
_AUTOMATIC_COMMENT = "No response."
"""The text that nbgrader writes under an answer that is as it was handed out, which the results say already."""


def _by_a_person(comment: str | None) -> bool:
    """Return whether a comment is one that somebody wrote."""
    return bool(comment) and comment != _AUTOMATIC_COMMENT


_FILTERS = {
    "by_a_person": _by_a_person,
    "clean_html": clean_html,
    "comment2html": page_filters.comment2html,
    "highlight_code": page_filters.highlight_code,
    "line_anchor": line_anchor,
    "line_name": line_name,
    "markdown2html": page_filters.markdown2html,
    "numbered_lines": numbered_lines,
    "places_named": places_named,
    "prose": prose,
    "raw_text": page_filters.raw_text,
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
            "preprocessors": [f"{page_cells.__name__}.LeaveOutCells"],
        }
        given = Config({"FeedbackExporter": own})
        given.merge(config or Config())
        super().__init__(config=given, **more)  # type: ignore[no-untyped-call]

    def from_notebook_node(  # type: ignore[override]  # as in HTMLExporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **more: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and its resources.

        ``HTMLExporter`` parses each page once more, for what the templates of Notebook and JupyterLab leave out. Ours
        leaves nothing out, and a class of hundreds would wait for it.
        """
        for name, made in _FILTERS.items():
            self.register_filter(name, made)  # type: ignore[no-untyped-call]
        page, told = TemplateExporter.from_notebook_node(self, nb, resources, **more)
        return page, told

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.bytecode_cache = _compiled
        return environment
