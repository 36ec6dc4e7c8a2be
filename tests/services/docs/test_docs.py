"""What the documents say exists: links, commands, options, files, names."""

import argparse
import ast
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import _parser
from autograder.evidence.model import Evidence, Message
from autograder.report.model import Verdict
from autograder.rubric.model import Check, Finding, RunEvidence
from autograder.scaffold.lay_out import SKELETON
from autograder.simulator.network.content import Content
from autograder.simulator.scenario import Part, Scenario
from tests.unit.docs.documents import ROOT, broken_links, paths, read

EXAMPLE = "ring_of_three"
"""The assignment that the documents lay out, and which is not there."""
MADE = ("docs/_build", "docs/api")
"""What is only there when the site was built."""

_MAKE = re.compile(r"^make((?: [a-z]+)+)", re.MULTILINE)
_COMMAND = re.compile(r"python -m autograder ([a-z]+)(.*)")
_OPTION = re.compile(r"(?<!\S)--?[a-z][a-z-]*")
_NBGRADER = re.compile(r"^nbgrader ([a-z_]+)", re.MULTILINE)
_PATH = re.compile(r"(?:autograder|docs|tests|source|release|solutions)/[\w./-]*")
_NAME = re.compile(r"[a-z_]+(?:\.\w+)*\.(?!py\b)\w+")


def targets(path: Path) -> set[str]:
    """Targets of make."""
    return {target for words in _MAKE.findall(read(path).code) for target in words.split()}


def commands(path: Path) -> list[tuple[str, str]]:
    """Commands of the package, each with what follows it."""
    return _COMMAND.findall(read(path).code)


def options(path: Path) -> set[str]:
    """Options of those commands."""
    return {option for _, rest in commands(path) for option in _OPTION.findall(rest)}


def commands_of_nbgrader(path: Path) -> set[str]:
    return set(_NBGRADER.findall(read(path).code))


def files(path: Path) -> set[str]:
    """Files and folders that must be there."""
    named = {span for span in read(path).spans if _PATH.fullmatch(span) and EXAMPLE not in span}
    return {name for name in named if not name.startswith(MADE)}


def names(path: Path) -> set[str]:
    """Names in the package, each with the part in which it is."""
    parts = {module.name for module in pkgutil.iter_modules([str(ROOT / "autograder")])} - {"course"}
    found = {span for span in read(path).spans if _NAME.fullmatch(span)}
    inside = {f"autograder.{span}" for span in found if span.partition(".")[0] in parts}
    return inside | {span for span in found if span.startswith("autograder.")}


every_document = pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize(
    "kind", [targets, commands, options, commands_of_nbgrader, files, names], ids=lambda kind: kind.__name__
)
def test_there_are_some_of_each_kind_to_look_at(kind: Callable[[Path], Collection[object]]) -> None:
    assert len([one for path in paths() for one in kind(path)]) >= 5


@every_document
def test_each_link_leads_somewhere(path: Path) -> None:
    assert not list(broken_links(path))


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](other.md) [d](page.md#one) [e](page.md#two) [f](http://x.org)\n")
    assert list(broken_links(page)) == ["#two", "other.md", "page.md#two"]


@every_document
def test_each_target_of_make_exists(path: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets(path) <= known


@every_document
def test_each_command_and_each_of_its_options_exists(path: Path) -> None:
    parsers = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction)).choices
    for name, rest in commands(path):
        assert name in parsers
        known = {option for action in parsers[name]._actions for option in action.option_strings}
        assert set(_OPTION.findall(rest)) <= known, name


@pytest.mark.slow  # it takes seconds to import
@every_document
def test_each_command_of_nbgrader_exists(path: Path) -> None:
    from nbgrader.apps.nbgraderapp import NbGraderApp

    assert commands_of_nbgrader(path) <= NbGraderApp.subcommands.keys()


@every_document
def test_each_file_that_is_named_exists(path: Path) -> None:
    assert not [name for name in files(path) if not (ROOT / name).exists()]


@every_document
def test_each_name_of_the_package_exists(path: Path) -> None:
    for name in names(path):
        pkgutil.resolve_name(name)


def test_instructors_are_told_each_verdict() -> None:
    assert {str(verdict) for verdict in Verdict} <= set(read(ROOT / "docs" / "instructors.md").spans)


def test_the_site_tells_of_each_document() -> None:
    index = read(ROOT / "docs" / "index.md")
    listed = {f"{name}.md" for name in "\n".join(index.blocks).split()}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"} <= listed


def test_the_scenario_that_is_shown_is_that_of_the_skeleton() -> None:
    shown = ast.parse(_block("cast.random.sample(SITES, 2)")).body[0]
    skeleton = ast.parse((SKELETON / "exercises.py").read_text(encoding="utf-8")).body
    (there,) = (node for node in skeleton if isinstance(node, ast.FunctionDef) and node.name == "_cross_play")
    there.body = there.body[1:]  # the docstring
    assert ast.dump(shown) == ast.dump(there)


def test_the_check_that_is_shown_works() -> None:
    names: dict[str, Any] = {
        "Check": Check,
        "Finding": Finding,
        "RunEvidence": RunEvidence,
        "Sequence": Sequence,
        "Counter": Counter,
    }
    exec(_block("def says_it_once"), names)
    check = names["says_it_once"]("once", "No text twice", 1)
    part = Part("submission", "Talker", {})
    scenario = Scenario("talk", part, {"site-0": part}, frozenset({"site-0"}), ())
    message = Message(1, "site-0", "server", "status", Content("APP_DEFINED", {"message": "Ready"}))

    assert check.judge([]).hint
    assert check.judge([RunEvidence(scenario, Evidence((message,)))]).passed
    twice = check.judge([RunEvidence(scenario, Evidence((message, message)))])
    assert not twice.passed
    assert twice.seen == "site-0 told server 2 times: 'Ready'"


def _block(with_text: str) -> str:
    """The block of the authors' page that holds a text."""
    (found,) = (block for block in read(ROOT / "docs" / "authors.md").blocks if with_text in block)
    return found
