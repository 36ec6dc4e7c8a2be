"""The documents of the course, as far as it can be checked whether they are true."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from myst_parser.slugs import github_slugify, unique_slug

ROOT = Path(__file__).parents[3]
TOP = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")

_INCLUDE = re.compile(r"\{include\}\s+(?P<file>\S+)")


@dataclass(frozen=True)
class Document:
    """A document in Markdown.

    Attributes:
        links: targets of links and pictures.
        anchors: what a link with ``#`` can lead to.
        spans: code within sentences.
        blocks: code in blocks of its own.
    """

    links: tuple[str, ...]
    anchors: frozenset[str]
    spans: tuple[str, ...]
    blocks: tuple[str, ...]

    @property
    def code(self) -> str:
        """All code, without comments, and with lines that go on in the next one put together."""
        lines = "\n".join([*self.spans, *self.blocks]).replace("\\\n", " ").split("\n")
        return "\n".join(re.sub(r"(^|\s)#.*", "", line) for line in lines)


def paths() -> list[Path]:
    """All documents."""
    return [*(ROOT / name for name in TOP), *sorted((ROOT / "docs").glob("*.md"))]


@cache
def read(path: Path) -> Document:
    """A document, with the anchors of what it includes."""
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    inline = [child for token in tokens for child in token.children or ()]
    fences = [token for token in tokens if token.type in ("fence", "code_block")]
    anchors = set(_anchors(tokens))
    for fence in fences:
        if included := _INCLUDE.match(fence.info):
            anchors |= read(path.parent / included["file"]).anchors
    return Document(
        tuple(str(token.attrs[key]) for token in inline for key in ("href", "src") if key in token.attrs),
        frozenset(anchors),
        tuple(token.content for token in inline if token.type == "code_inline"),
        tuple(fence.content for fence in fences),
    )


def broken_links(path: Path) -> Iterator[str]:
    """The links of a document that lead to nothing here. Those to other servers are not looked at."""
    for link in read(path).links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        no_anchor = parts.fragment and target.suffix == ".md" and target.is_file()
        if not target.exists() or (no_anchor and parts.fragment not in read(target).anchors):
            yield link


def _anchors(tokens: list[Token]) -> Iterator[str]:
    used: set[str] = set()
    for heading, text in pairwise(tokens):
        if heading.type == "heading_open":
            words = (child.content for child in text.children or () if child.type in ("text", "code_inline"))
            used.add(slug := unique_slug(github_slugify("".join(words)), used))
            yield slug
