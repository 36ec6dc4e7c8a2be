"""Whatever pictures a text names, nbconvert can make a page of it."""

import pytest
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from autograder.nbgrader_plugin.attachments import MISSING, Renderer, pictures

PICTURE = {"image/png": "AAAA"}
TEXTS = [
    "![sketch](attachment:sketch.png)",
    "![](attachment:)",
    "![a](<attachment:my sketch (1).png>) and ![b](attachment:b.png)",
    "![a](attachment:Gr\u00fc\u00dfe.png)",
    "![q][r]\n\n[r]: attachment:ref.png",
    "![a](&#97;ttachment:e.png)",
    "![a](attachment\\:e.png)",
    "![a](attachment:a&amp;b.png)",
    "> - ![deep](attachment:x.png)",
    "| a |\n|---|\n| ![t](attachment:t.png) |",
    "`![a](attachment:x.png)`",
]


def page(source: str, attachments: object) -> str:
    renderer = Renderer(escape=False, attachments=pictures(attachments))
    return MarkdownWithMath(renderer=renderer).render(source)


@pytest.mark.parametrize(
    "attachments", [None, {}, 5, {"sketch.png": {}}, {"sketch.png": {"image/png": 5}}, {"x": None}]
)
@pytest.mark.parametrize("source", TEXTS)
def test_a_picture_that_is_missing_is_shown_as_missing(source: str, attachments: object) -> None:
    written = page(source, attachments)
    assert "attachment:" not in written or source.startswith("`")
    assert (MISSING["image/svg+xml"] in written) == (not source.startswith("`"))


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("![](attachment:sketch.png)", "sketch.png"),
        ("![](<attachment:my sketch.png>)", "my sketch.png"),
        ("![](attachment:my%20sketch.png)", "my sketch.png"),
        ("![](attachment:Gr\u00fc\u00dfe.png)", "Gr\u00fc\u00dfe.png"),
    ],
)
def test_a_picture_that_is_there_is_shown(source: str, name: str) -> None:
    assert "data:image/png;base64,AAAA" in page(source, {name: PICTURE})


def test_only_what_can_be_shown_is_kept() -> None:
    assert pictures({"sketch.png": PICTURE, "a": {}, "b": 5, "c": {"image/png": 5}}) == {"sketch.png": PICTURE}
    assert pictures(None) == {}
