"""Writing a student's classes as a script."""

from pathlib import Path

from autograder.grading.own_scenario import classes_of, of_student, own_scenario
from autograder.notebook.classes import (
    CONTROLLER,
    EXECUTOR,
    inherited_stubs,
    name_of,
    newest,
    require,
    stub_message,
    stubs,
)
from autograder.notebook.running import assignment_of
from autograder.notebook.script import write_script
from autograder.notebook.session import Session, show
from autograder.notebook.show import notice, say


def export(session: Session, path: Path, executor_class: object, controller_class: object) -> None:
    """Write the script and say what it holds.

    Raises:
        NotReady: when it cannot be written.
    """
    cells = session.cells
    executor, controller = (
        newest(kind, cells, session.namespace) if given is None else name_of(given, kind, session.namespace)
        for given, kind in ((executor_class, EXECUTOR), (controller_class, CONTROLLER))
    )
    scenario = own_scenario(assignment_of(executor, session.namespace), executor, controller, of_student)
    named = classes_of(scenario)
    require(named, session.namespace)
    found = [*stubs(named, cells)[0], *(stub for name in named for stub in inherited_stubs(name, cells))]
    if untouched := list(dict.fromkeys(found)):
        show(notice(f"The script will end with NotImplementedError: {stub_message(untouched)}"))
    write_script(path, cells, scenario)
    at_sites = " and ".join(dict.fromkeys(part.class_name for part in scenario.executors.values()))
    say(f"{path} written: {at_sites} at the sites, {controller} on the server. Run it with: python {path.name}")
