"""The exporter of feedback pages: the results first, in one file that fetches nothing and runs no script."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

_TEMPLATES = Path(__file__).parent / "templates"


class FeedbackExporter(HTMLExporter):
    """Has to be ``c.GenerateFeedback.exporter_class``.

    It is a class of its own since what is set for ``HTMLExporter`` would hold for the pages of the Formgrader too.
    """

    def __init__(self, config: Config | None = None, **more: Any) -> None:
        own = {
            "template_name": "course_feedback",
            "extra_template_basedirs": [str(_TEMPLATES)],
            "embed_images": True,
            "exclude_anchor_links": True,
        }
        given = Config({"FeedbackExporter": own})
        given.merge(config or Config())
        super().__init__(config=given, **more)  # type: ignore[no-untyped-call]
