"""A student's classes as a script that needs NVFlare and nothing of this package."""

import ast
import keyword
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from autograder.notebook.told import NotReady
from autograder.submission.model import Cell
from autograder.submission.module import build_module

_MARK = "# Written by the course notebook's export_script."
_PACKAGE = "autograder"
_IMPORTS = (ast.Import, ast.ImportFrom)
_FED_JOB = "from nvflare.job_config.api import FedJob"

_JOB = '''

def main() -> None:
    """Run a job in which three sites run {executor} and the server runs {controller}."""
    job = FedJob(name="{name}", min_clients=3)
    job.to_server({controller}())
    for number in range(3):
        job.to({executor}(), f"site-{{number}}")
    # One thread for each site: with fewer, sites take turns and no message can reach a site that is not running.
    job.simulator_run("./{name}_workspace", threads=3)


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

"""


def write_script(path: Path, cells: Sequence[Cell], executor: str, controller: str) -> None:
    """Write a script that runs a job with these classes.

    Raises:
        NotReady: when it cannot be written there, or the classes cannot do without the notebook.
    """
    _check_path(path)
    text = script(path, cells, executor, controller)
    try:
        path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeEncodeError) as error:
        raise NotReady(f"{path} could not be written: {error}.") from None


def script(path: Path, cells: Sequence[Cell], executor: str, controller: str) -> str:
    """The text of the script that is to be written to ``path``."""
    module = build_module(cells, (executor, controller))
    if module.missing:
        raise NotReady(f"{', '.join(module.missing)} could not be found in the cells of this notebook.")
    source = _close_up(_with_fed_job(module.source.strip("\n")))
    if used := _course_names(cells, source):
        raise NotReady(
            f"Your classes use {', '.join(sorted(used))} of the course's own package, which a plain script has not. "
            "Keep calls such as course.run(...) in cells of their own, outside of the classes."
        )
    head = _HEAD.format(mark=_MARK, file=path.name, name=path.stem)
    return head + source + "\n" + _JOB.format(name=path.stem, executor=executor, controller=controller)


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
    """The source with an import of ``FedJob`` among its imports, where it has none."""
    body = ast.parse(source).body
    if any(isinstance(node, ast.ImportFrom) and ast.unparse(node) == _FED_JOB for node in body):
        return source
    lines = source.split("\n")
    future = [node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    place = future[-1].end_lineno if future else 0
    return "\n".join([*lines[:place], _FED_JOB, *lines[place:]])


def _close_up(source: str) -> str:
    """The source without blank lines between its imports."""
    lines = source.split("\n")
    body = ast.parse(source).body
    for upper, lower in reversed(list(pairwise(body))):
        between = slice(upper.end_lineno, lower.lineno - 1)
        if isinstance(upper, _IMPORTS) and isinstance(lower, _IMPORTS) and not any(lines[between]):
            del lines[between]
    return "\n".join(lines)


def _course_names(cells: Sequence[Cell], source: str) -> set[str]:
    """The names of the course's package, as the cells import them, that the source mentions."""
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source)) if isinstance(node, _IMPORTS)]
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in nodes
        for alias in node.names
        if _origin(node, alias).split(".")[0] == _PACKAGE
    }
    return imported & {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def _origin(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    return alias.name if isinstance(node, ast.Import) else node.module or ""
