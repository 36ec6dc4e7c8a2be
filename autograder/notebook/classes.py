"""The classes of a notebook: which there are, which are still stubs, and which one is meant."""

import ast
import inspect
from collections.abc import Iterable, Mapping, Sequence

from nvflare.apis.controller_spec import ControllerSpec
from nvflare.apis.executor import Executor

from autograder.notebook.user_errors import NotReady
from autograder.submission.model import Cell
from autograder.submission.python_code import parse
from autograder.submission.stand_in import is_docstring

EXECUTOR, CONTROLLER = "Executor", "Controller"
_IN_A_NOTEBOOK = "__main__"
_KINDS: dict[str, type] = {EXECUTOR: Executor, CONTROLLER: ControllerSpec}


def definitions(cells: Iterable[Cell]) -> dict[str, ast.ClassDef]:
    """Return the newest definition of each class at the top level of a cell, the newest last."""
    found: dict[str, ast.ClassDef] = {}
    for cell in cells:
        tree = parse(cell.source)
        for node in tree.body if isinstance(tree, ast.Module) else ():
            if isinstance(node, ast.ClassDef):
                found.pop(node.name, None)
                found[node.name] = node
    return found


def name_of(given: object, kind: str, namespace: Mapping[str, object]) -> str:
    """Return the name of the class that a student passed as the executor or the controller.

    Args:
        namespace: the variables of the notebook.

    Raises:
        NotReady: when it is none that can run.
    """
    article = "an" if kind == EXECUTOR else "a"
    if not inspect.isclass(given):
        name = type(given).__name__
        if isinstance(given, _KINDS[kind]):
            raise NotReady(f"Pass the class, not an instance of it: {name}, without the brackets after its name.")
        raise NotReady(f"This needs {article} {kind} class of your notebook, and was given {article_for(name)} {name}.")
    if not issubclass(given, _KINDS[kind]):
        raise NotReady(
            f"{given.__name__} is not {article} {kind}: write class {given.__name__}({kind}) and run its cell again."
        )
    for name in (given.__name__, *namespace):
        if not name.startswith("_") and namespace.get(name) is given:
            return name
    raise NotReady(
        f"{given.__name__} is no variable of this notebook, so it cannot be found at the sites. "
        "Define it at the top level of a cell, or give it a name there, and run that cell."
    )


def article_for(word: str) -> str:
    """Return ``a`` or ``an``."""
    return "an" if word[:1].lower() in "aeiou" else "a"


def newest(kind: str, cells: Sequence[Cell], namespace: Mapping[str, object]) -> str:
    """Return the name of the executor or controller that was defined last.

    Raises:
        NotReady: when there is none.
    """
    for name in (*reversed(definitions(cells)), *reversed([*namespace])):
        value = namespace.get(name)
        if inspect.isclass(value) and issubclass(value, _KINDS[kind]) and value.__module__ == _IN_A_NOTEBOOK:
            return name
    raise NotReady(f"There is no {kind} in this notebook yet: run the cell that defines one, then this one again.")


def require(names: Iterable[str], namespace: Mapping[str, object]) -> None:
    """See that the classes are defined in the notebook.

    Raises:
        NotReady: when one is missing.
    """
    if missing := [name for name in names if not inspect.isclass(namespace.get(name))]:
        raise NotReady(
            f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} not defined yet: "
            "run the cell that defines it (Shift+Enter), then this one again."
        )


def stubs(names: Iterable[str], cells: Sequence[Cell]) -> tuple[list[str], bool]:
    """Return the methods that only raise ``NotImplementedError``, and whether these classes have no others."""
    known = definitions(cells)
    methods = [(name, node) for name in names if name in known for node in _methods(known[name])]
    found = [f"{name}.{node.name}" for name, node in methods if _is_stub(node)]
    return found, bool(found) and len(found) == len(methods)


def inherited_stubs(name: str, cells: Sequence[Cell]) -> list[str]:
    """Return unsolved stubs that a class inherits from classes of earlier exercises in the notebook."""
    known = definitions(cells)
    if name not in known:
        return []
    overridden = {method.name for method in _methods(known[name])}
    found = []
    for base in _bases(name, known):
        own = _methods(known[base])
        found += [f"{base}.{method.name}" for method in own if _is_stub(method) and method.name not in overridden]
        overridden |= {method.name for method in own}
    return found


def _bases(name: str, known: dict[str, ast.ClassDef]) -> list[str]:
    """Return the classes of the notebook from which a class inherits, the nearest first, each once."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        bases = [base.id for base in known[waiting.pop(0)].bases if isinstance(base, ast.Name)]
        fresh = [base for base in bases if base in known and base not in (name, *found)]
        found += fresh
        waiting += fresh
    return found


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [child for child in node.body if isinstance(child, ast.FunctionDef)]


def _is_stub(method: ast.FunctionDef) -> bool:
    body = [node for node in method.body if not is_docstring(node)]
    return len(body) == 1 and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.dump(body[0])


def stub_message(names: Sequence[str]) -> str:
    """Return the message to a student about stubs."""
    be = "is still a stub" if len(names) == 1 else "are still stubs"
    return f"{', '.join(names)} {be}: put your code in place of raise NotImplementedError(), run that cell, then this."
