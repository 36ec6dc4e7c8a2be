"""Inputs: bytes and texts that are nearly what a reader expects, of shapes that cost it most, or anything at all."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable

from hypothesis import strategies as st

from tests.unit.nbgrader_plugin.bad_archives import tarred, zipped
from tests.unit.nbgrader_plugin.text_attacks import COSTLY, COVERING, RUNNING

LARGEST = 40_000
"""Characters or bytes of an input. What takes a time that grows with its square is seen at this size."""

_WORDS = (
    *("<a>", "<div style='", "</p>", "<!--", "-->", "<script>", "&#x", "<![CDATA[", "=", '"', "'", ">", "<"),
    *("# ", "> ", "- ", "1. ", "```", "`", "*", "_", "[", "](", "![", "|", "|-", "$$", "\\begin{a}", "\\end{a}", "~~"),
    *("\n", "\n\n", "    ", "\t", "\r", "\x00", "\u202e", "\ud800", "\u0301", "é", "日", "a", "0"),
    *("def f(", "class A:", "):\n", "%%time\n", "%x ", "!ls ", "?", "lambda ", "(", "[", "{", "x=", "x.", "f'{", '"""'),
    *("# %% [execute]\n", "# %% before a\n", "# %%", '{"kind": ', '{"message": ', "null", "1e999", "}", "],", "\\u"),
    *("../", "/", "C:\\", "_1_assignsubmission_file_", "_1_2_", ".ipynb", "LATE"),
)
_ATTACKS = tuple(text[:LARGEST] for text in (*COSTLY.values(), *COVERING.values(), *RUNNING.values()))


def texts() -> st.SearchStrategy[str]:
    """Texts of pieces that mean something to a reader, some of them very often."""
    piece = st.one_of(st.sampled_from(_WORDS), st.text(max_size=12))
    repeated = st.builds(lambda text, times: text * times, piece, st.sampled_from([1, 1, 1, 2, 50, 2_000]))
    made = st.lists(repeated, max_size=12).map(lambda parts: "".join(parts)[:LARGEST])
    nested = st.builds(_repeated_together, st.lists(piece, min_size=1, max_size=4), st.sampled_from([10, 300, 5_000]))
    return st.one_of(made, nested, st.text(max_size=400), st.sampled_from(_ATTACKS))


def _repeated_together(parts: list[str], times: int) -> str:
    return ("".join(parts) * times)[:LARGEST]


def data(*whole: bytes) -> st.SearchStrategy[bytes]:
    """Bytes: anything, or one of those that are given with some places changed, cut or doubled."""
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))
    changed = st.builds(_changed, st.sampled_from(whole), st.lists(change, max_size=6))
    return st.one_of(
        st.binary(max_size=2_000), changed, texts().map(lambda text: text.encode("utf-8", "surrogatepass"))
    )


def _changed(whole: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, removed, put in changes:
        start = int(where * len(whole))
        whole = whole[:start] + put + whole[start + removed :]
    return whole


def json_values() -> st.SearchStrategy[object]:
    """JSON values of any kind."""
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.sampled_from(_WORDS)
    )
    return st.recursive(plain, lambda inner: st.one_of(st.lists(inner, max_size=4), _objects(inner)), max_leaves=15)


def _objects(inner: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.text(max_size=10), inner, max_size=4)


def notebooks(grade_ids: list[str]) -> st.SearchStrategy[bytes]:
    """Notebook files with cells of every kind, in which any part may be of another type."""

    def or_anything(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        return st.one_of(strategy, strategy, strategy, json_values())

    told = st.fixed_dictionaries(
        {"grade_id": or_anything(st.sampled_from(grade_ids))},
        optional={
            **{name: or_anything(st.booleans()) for name in ("grade", "locked", "solution")},
            **{name: json_values() for name in ("points", "checksum", "schema_version", "task")},
        },
    )
    metadata = st.fixed_dictionaries({}, optional={"nbgrader": or_anything(told), "tags": json_values()})
    source = st.one_of(texts(), st.lists(st.text(max_size=20), max_size=5))
    cell = st.fixed_dictionaries(
        {
            "cell_type": or_anything(st.sampled_from(["code", "markdown", "raw"])),
            "source": or_anything(source),
            "metadata": or_anything(metadata),
        },
        optional={name: json_values() for name in ("id", "outputs", "attachments", "execution_count")},
    )
    whole = st.fixed_dictionaries(
        {
            "nbformat": st.one_of(st.just(4), st.sampled_from([2, 3, 4, 5, None, "4", True])),
            "cells": or_anything(st.lists(or_anything(cell), max_size=8)),
        },
        optional={name: json_values() for name in ("metadata", "nbformat_minor", "worksheets")},
    )
    return whole.map(lambda notebook: json.dumps(notebook).encode())


def archives() -> st.SearchStrategy[bytes]:
    """Archives of members with any names, whole and changed."""
    names = st.one_of(texts().map(lambda text: text[:300]), st.sampled_from(["a.ipynb", "../a.ipynb", "b/a.ipynb"]))
    members = st.lists(st.tuples(names, st.binary(max_size=300)), max_size=6)
    made = st.one_of(members.map(_or_nothing(_zip)), members.map(_or_nothing(_tar)))
    whole = (zipped(("a.ipynb", "text" * 200), ("b/c.txt", "x")), tarred(("a.ipynb", b"text" * 200), ("b/c.txt", b"x")))
    return st.one_of(made, data(*whole))


def _or_nothing(make: Callable[[list[tuple[str, bytes]]], bytes]) -> Callable[[list[tuple[str, bytes]]], bytes]:
    """Python's own writers refuse some names, of which there is then no archive."""

    def made(members: list[tuple[str, bytes]]) -> bytes:
        try:
            return make(members)
        except ValueError:
            return b""

    return made


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in dict(members).items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return made.getvalue()


def _tar(members: list[tuple[str, bytes]]) -> bytes:
    infos = [(tarfile.TarInfo(name), text) for name, text in members]
    for number, (info, _) in enumerate(infos):
        info.type = (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.REGTYPE)[number % 4]
    return tarred(*((info, text if info.isreg() else b"") for info, text in infos))
