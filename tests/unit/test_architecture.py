"""The parts of the package know only parts below them, and one package knows what NVFlare does not document.

The tables of ARCHITECTURE.md say which part is below which; all imports are compared with them, lazy ones included.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
DOCUMENT = PACKAGE.parent / "ARCHITECTURE.md"
OUTSIDE = {"autograder", "autograder.__main__", "autograder.simulator"}
"""Modules without a row: they hold no more than a docstring, the version, and the start of the command line."""


def modules() -> dict[str, str]:
    """Return the source of each module by its name."""
    sources = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        sources[name.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return sources


SOURCES = modules()


def rows() -> list[list[str]]:
    """Return the names in each row of the two tables, from top to bottom; the simulator's stand in its place."""
    tables: list[list[list[str]]] = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("| part |"):
            tables.append([])
        elif line.startswith("| `autograder.") and tables:
            tables[-1].append(re.findall(r"`(autograder[\w.]+)`", line.split(" | ")[0]))
    parts, simulators = tables
    place = parts.index(["autograder.simulator"])
    return [*parts[:place], *simulators, *parts[place + 1 :]]


RANKS = {name: number for number, names in enumerate(rows()) for name in names}


def rank(module: str) -> int | None:
    """Return the row of the part that a module belongs to, from the top."""
    while module and module not in RANKS:
        module = module.rpartition(".")[0]
    return RANKS.get(module)


def imported(source: str) -> Iterator[str]:
    """Yield the modules of the package that a source imports, wherever it does, and those that it names in a text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide what is imported"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in SOURCES else str(node.module) for name in whole]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value]
        else:
            continue
        yield from (name for name in names if name in SOURCES)


def upward(module: str, source: str) -> list[str]:
    """Return what a module imports from parts above its own."""
    own = rank(module)
    return [] if own is None else [name for name in imported(source) if (of := rank(name)) is not None and of < own]


def test_each_module_belongs_to_a_part_and_each_part_exists() -> None:
    assert {name for name in SOURCES if rank(name) is None} == OUTSIDE
    assert RANKS.keys() <= SOURCES.keys()


@pytest.mark.parametrize(
    "source",
    [
        "from autograder.rubric.model import Assignment",
        "from autograder import rubric",
        "def later():\n    import autograder.rubric.model",
        "if TYPE_CHECKING:\n    from autograder.rubric import model",
        "import_module('autograder.rubric.model')",
    ],
)
def test_an_import_upward_is_found(source: str) -> None:
    assert upward("autograder.submission.read", source)
    assert not upward("autograder.grading.grade", source)


def test_no_module_imports_upward() -> None:
    assert {name: found for name, source in SOURCES.items() if (found := upward(name, source))} == {}


PRIVATE = re.compile(r"nvflare\.(?!apis\b|job_config\b|app_common\b)\w+(\.\w+)*\.?")
"""A module of NVFlare's that it does not document."""


def private(source: str) -> list[str]:
    """Return the undocumented modules of NVFlare's that a source imports, or names in a text."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return [name for name in found if PRIVATE.fullmatch(name)]


@pytest.mark.parametrize(
    "source",
    [
        "from nvflare.fuel.f3.cellnet.core_cell import CoreCell",
        "from nvflare.fuel.utils import fobs",
        "def later():\n    import nvflare.private.aux_runner",
        "from nvflare import collab",
        "LOGGER = 'nvflare.private.aux_runner.'",
    ],
)
def test_an_undocumented_name_is_found(source: str) -> None:
    assert private(source)
    assert not private("from nvflare.apis.dxo import DXO")


def test_undocumented_names_are_in_one_package() -> None:
    found = {name for name, source in SOURCES.items() if private(source)}
    assert {name for name in found if not name.startswith("autograder.simulator.nvflare_private.")} == set()
    assert found


def test_no_modules_import_each_other() -> None:
    graph = {name: set(imported(source)) - {name} - OUTSIDE for name, source in SOURCES.items()}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(SOURCES) - len(OUTSIDE)
