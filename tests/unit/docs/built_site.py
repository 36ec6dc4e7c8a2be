"""What `make docs` tries once it has built the site. No other run collects it, since there it may be missing or old."""

import re

from tests.unit.docs.documents import ROOT, paths

SITE = ROOT / "docs" / "_build" / "html"
_FETCHED = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//|url\(["']?https?:|@import"""
)


def test_it_holds_a_page_of_each_document_and_the_reference() -> None:
    documents = [path for path in paths() if path.parent == ROOT / "docs"]
    assert documents
    assert not [path.name for path in documents if not (SITE / f"{path.stem}.html").is_file()]
    assert "grade_submission" in (SITE / "api" / "autograder.grading.html").read_text(encoding="utf-8")


def test_it_fetches_nothing() -> None:
    pages = [page for kind in ("*.html", "*.css") for page in SITE.rglob(kind)]
    assert {page.suffix for page in pages} == {".html", ".css"}
    assert not [page for page in pages if _FETCHED.search(page.read_text(encoding="utf-8"))]


def test_what_would_be_fetched_is_recognized() -> None:
    for text in ('<script src="https://x.org/x.js">', "<img alt='' src='//x.org/x.png'>", 'url("http://x.org/x.css")'):
        assert _FETCHED.search(text), text
