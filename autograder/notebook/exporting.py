"""Writing a student's classes as a script."""

from pathlib import Path

from autograder.notebook.classes import CONTROLLER, EXECUTOR, name_of, newest
from autograder.notebook.script import write_script
from autograder.notebook.session import Session


def export(session: Session, path: Path, executor_class: object, controller_class: object) -> None:
    """Write the script and say what it holds.

    Raises:
        NotReady: when it cannot be written.
    """
    cells = session.cells
    names = [
        newest(kind, cells, session.namespace) if given is None else name_of(given, kind, session.namespace)
        for given, kind in ((executor_class, EXECUTOR), (controller_class, CONTROLLER))
    ]
    write_script(path, cells, *names)
    print(f"{path} written: {names[0]} at the sites, {names[1]} on the server. Run it with: python {path.name}")
