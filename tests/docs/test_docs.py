"""What the documents say exists: links, commands, options, files, names. And the site can be built."""

import argparse
import ast
import pkgutil
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.cli import _parser
from autograder.evidence.model import Evidence, Message
from autograder.new.lay_out import SKELETON
from autograder.report.model import Verdict
from autograder.rubric.model import Check, Finding, Played
from autograder.simulator.scenario import Part, Scenario
from tests.docs.documents import ROOT, broken_links, paths, read

EXAMPLE = "ring_of_three"
"""The assignment that the documents lay out, and which is not there."""
MADE = ("docs/_build", "docs/api")
"""What is only there when the site was built."""

_MAKE = re.compile(r"^make((?: [a-z]+)+)", re.MULTILINE)
_COMMAND = re.compile(r"python -m autograder ([a-z]+)(.*)")
_NBGRADER = re.compile(r"^nbgrader ([a-z_]+)", re.MULTILINE)
_PATH = re.compile(r"(?:autograder|docs|tests|source|release|solutions)/[\w./-]*")
_NAME = re.compile(r"[a-z_]+(?:\.\w+)*\.(?!py\b)\w+")
_FETCHED = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//|url\(["']?https?:|@import"""
)

every_document = pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(ROOT)))


@every_document
def test_each_link_leads_somewhere(path: Path) -> None:
    assert not list(broken_links(path))


@every_document
def test_each_target_of_make_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for words in _MAKE.findall(read(path).code) for target in words.split()}
    assert named <= targets


@every_document
def test_each_command_and_each_of_its_options_exists(path: Path) -> None:
    commands = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)).choices
    for name, rest in _COMMAND.findall(read(path).code):
        assert name in commands
        known = {option for action in commands[name]._actions for option in action.option_strings}
        assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)) <= known, name


@pytest.mark.slow  # it takes seconds to import
@every_document
def test_each_command_of_nbgrader_exists(path: Path) -> None:
    from nbgrader.apps.nbgraderapp import NbGraderApp

    assert set(_NBGRADER.findall(read(path).code)) <= NbGraderApp.subcommands.keys()


@every_document
def test_each_file_that_is_named_exists(path: Path) -> None:
    named = {span for span in read(path).spans if _PATH.fullmatch(span) and EXAMPLE not in span}
    assert not [name for name in named if not name.startswith(MADE) and not (ROOT / name).exists()]


@every_document
def test_each_name_of_the_package_exists(path: Path) -> None:
    parts = {module.name for module in pkgutil.iter_modules([str(ROOT / "autograder")])} - {"course"}
    for span in read(path).spans:
        first = span.partition(".")[0]
        if _NAME.fullmatch(span) and (first == "autograder" or first in parts):
            pkgutil.resolve_name(span if first == "autograder" else f"autograder.{span}")


def test_instructors_are_told_each_verdict() -> None:
    assert {str(verdict) for verdict in Verdict} <= set(read(ROOT / "docs" / "instructors.md").spans)


def test_the_site_tells_of_each_document() -> None:
    index = read(ROOT / "docs" / "index.md")
    listed = {f"{name}.md" for name in "\n".join(index.blocks).split()}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"} <= listed


def test_the_scenario_that_is_shown_is_that_of_the_skeleton() -> None:
    shown = ast.parse(_block("def _cross_play")).body[0]
    skeleton = ast.parse((SKELETON / "exercises.py").read_text(encoding="utf-8")).body
    (there,) = (node for node in skeleton if isinstance(node, ast.FunctionDef) and node.name == "_cross_play")
    there.body = there.body[1:]  # the docstring
    assert ast.dump(shown) == ast.dump(there)


def test_the_sample_that_is_shown_is_that_of_the_skeleton() -> None:
    shown = tomllib.loads(_block("[failed]"))
    assert shown == tomllib.loads((SKELETON / "samples" / "wrong.toml").read_text(encoding="utf-8"))


def test_the_check_that_is_shown_works() -> None:
    names = {"Check": Check, "Finding": Finding, "Played": Played, "Sequence": Sequence, "Counter": Counter}
    exec(_block("def says_it_once"), names)
    check = names["says_it_once"]("once", "No text twice", 1)  # type: ignore[operator]  # which is what was defined
    part = Part("submission", "Talker", {})
    scenario = Scenario("talk", part, {"site-0": part}, frozenset({"site-0"}), ())
    message = Message(1, "site-0", "server", "status", "Ready", "APP_DEFINED")

    assert check.judge([]).hint
    assert check.judge([Played(scenario, Evidence((message,)))]).passed
    twice = check.judge([Played(scenario, Evidence((message, message)))])
    assert not twice.passed
    assert twice.seen == "site-0 told server 2 times: 'Ready'"


def _block(with_text: str) -> str:
    """The block of the authors' page that holds a text."""
    (found,) = (block for block in read(ROOT / "docs" / "authors.md").blocks if with_text in block)
    return found


def test_the_site_holds_the_reference_and_fetches_nothing() -> None:
    site = ROOT / "docs" / "_build" / "html"
    if not site.is_dir():
        pytest.skip("the site is not built; make docs does that, and then tries this")
    assert "grade_submission" in (site / "api" / "autograder.grading.html").read_text(encoding="utf-8")
    pages = [page for kind in ("*.html", "*.css") for page in site.rglob(kind)]
    assert not [page for page in pages if _FETCHED.search(page.read_text(encoding="utf-8"))]
