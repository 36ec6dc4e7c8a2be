"""A student's classes as a script that needs NVFlare and nothing of this package."""

import ast
import keyword
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.notebook.user_errors import NotReady
from autograder.simulator.scenario import SERVER, Part, Scenario
from autograder.submission.model import Cell
from autograder.submission.python_code import Unreadable, parse, python_of

_MARK = "# Written by the course notebook's export_script."
_PACKAGE = "autograder"
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NAMES = (ast.Name, ast.Attribute)
_SHOWS = {"get_ipython", "display", "print"}
_RUNS_A_JOB = {"simulator_run"}
_FED_JOB = "from nvflare.job_config.api import FedJob"

_JOB = '''

def main() -> None:
    """Run a job in which {sites} and the server runs {controller}."""
    job = FedJob(name="{name}", min_clients={count})
    job.to_server({make_controller})
{to_sites}
    # One thread for each site: with fewer, sites take turns and no message can reach a site that is not running.
    job.simulator_run("./{name}_workspace", threads={count})


# NVFlare imports this file again in the processes of the sites, which must not start the job once more.
if __name__ == "__main__":
    main()
'''

_HEAD = """{mark}
#
# Run it with: python {file}
# The logs are then in {name}_workspace, one folder for each party.
#
# In the notebook a start barrier makes the sites wait until all of them are ready. This script has none, so the
# first messages may find sites that have not registered their handlers yet.
{faults}
"""

_FAULTS = """#
# In the notebook the network loses or delays messages, or sites end: NVFlare alone does nothing of that.
"""


def write_script(path: Path, cells: Sequence[Cell], scenario: Scenario) -> None:
    """Write a script that runs a job with the sites and the classes of a scenario.

    Raises:
        NotReady: when it cannot be written there, or the classes cannot do without the notebook.
    """
    _check_path(path)
    text = script(path, cells, scenario)
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeEncodeError) as error:
        raise NotReady(f"{path} could not be written: {error}.") from None


def script(path: Path, cells: Sequence[Cell], scenario: Scenario) -> str:
    """Return the text of the script that is to be written to ``path``."""
    _check_parts(scenario)
    course = _course_names(cells)
    source = "\n\n\n".join(filter(None, (_kept(cell, course) for cell in cells)))
    if used := course & {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}:
        raise NotReady(
            f"Your classes use {', '.join(sorted(used))} of the course's own package, which a plain script has not. "
            "Keep calls such as course.run(...) in cells of their own, outside of the classes."
        )
    source = _futures_first(_with_fed_job(source))
    faults = _FAULTS if scenario.faults.faults else ""
    head = _HEAD.format(mark=_MARK, file=path.name, name=path.stem, faults=faults)
    return head + source + "\n" + _job(path.stem, scenario)


def _job(name: str, scenario: Scenario) -> str:
    kinds: dict[str, list[str]] = {}
    for site, part in scenario.executors.items():
        kinds.setdefault(_made(part), []).append(site)
    return _JOB.format(
        name=name,
        sites=", ".join(_who_runs(sites, scenario) for sites in kinds.values()),
        controller=scenario.controller.class_name,
        make_controller=_made(scenario.controller),
        to_sites="\n".join(_to_sites(sites, made) for made, sites in kinds.items()),
        count=len(scenario.executors),
    )


def _to_sites(sites: Sequence[str], made: str) -> str:
    names = [f'"{site}"' for site in sites]
    if len(names) == 1:
        return f"    job.to({made}, {names[0]})"
    return f"    for site in ({', '.join(names)}):\n        job.to({made}, site)"


def _who_runs(sites: Sequence[str], scenario: Scenario) -> str:
    name = scenario.executors[sites[0]].class_name
    return f"{sites[0]} runs {name}" if len(sites) == 1 else f"{len(sites)} sites run {name}"


def _made(part: Part) -> str:
    """Return the call that makes an object of a class, with its arguments."""
    return f"{part.class_name}({', '.join(f'{name}={value!r}' for name, value in part.arguments.items())})"


def _check_parts(scenario: Scenario) -> None:
    for party in (*scenario.executors, SERVER):
        part = scenario.part_of(party)
        if part.module.split(".")[0] == _PACKAGE:
            raise NotReady(f"{party} runs {part.class_name} of the course's own package, which a plain script has not.")


def _kept(cell: Cell, course: set[str]) -> str:
    """Return the statements of a cell for a script: all but those that show something or call the course."""
    python = python_of(cell.source)
    tree = parse(cell.source)
    if isinstance(tree, Unreadable) or isinstance(python, Unreadable):
        return ""
    lines = python.split("\n")
    left_out: set[int] = set()
    for node in tree.body:
        if _is_for_the_notebook_only(node, course):
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in left_out).strip("\n")


def _is_for_the_notebook_only(node: ast.stmt, course: set[str]) -> bool:
    if isinstance(node, _DEFINES):
        return False
    if isinstance(node, _IMPORTS):
        return any(_origin(node, alias).split(".")[0] == _PACKAGE for alias in node.names)
    if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Constant):
        return True
    names = {one.id if isinstance(one, ast.Name) else one.attr for one in ast.walk(node) if isinstance(one, _NAMES)}
    return bool(names & (course | _SHOWS | _RUNS_A_JOB))


def _futures_first(source: str) -> str:
    """Return the source with its imports of ``__future__`` at the top, where alone a file may have them."""
    lines = source.split("\n")
    futures = [n for n in ast.parse(source).body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    for node in reversed(futures):
        del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join([*dict.fromkeys(ast.unparse(node) for node in futures), *lines])


def _check_path(path: Path) -> None:
    if path.suffix != ".py":
        raise NotReady(f"{path.name} is not the name of a Python script: give it the ending .py, such as p2p_job.py.")
    if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise NotReady(f"NVFlare imports the script by its name, so {path.name} cannot be used: try p2p_job.py.")
    if path.stem in sys.stdlib_module_names or path.stem == "nvflare":
        raise NotReady(f"{path.name} would hide the module {path.stem} from your code: choose another name.")
    if not path.parent.is_dir():
        raise NotReady(f"There is no folder {path.parent}: create it first, or choose another place.")
    if path.is_symlink() or (path.exists() and not _is_ours(path)):
        raise NotReady(
            f"{path} exists and was not written by export_script, so it stays as it is. Choose another name."
        )


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\n") == _MARK
    except (OSError, UnicodeDecodeError):
        return False


def _with_fed_job(source: str) -> str:
    """Return the source with an import of ``FedJob`` at its beginning."""
    return f"{_FED_JOB}\n{source}"


def _course_names(cells: Sequence[Cell]) -> set[str]:
    """Return the names of the course's package, as the cells import them."""
    trees = [tree for cell in cells if isinstance(tree := parse(cell.source), ast.Module)]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, _IMPORTS)]
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in nodes
        for alias in node.names
        if _origin(node, alias).split(".")[0] == _PACKAGE
    }


def _origin(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    return alias.name if isinstance(node, ast.Import) else node.module or ""
