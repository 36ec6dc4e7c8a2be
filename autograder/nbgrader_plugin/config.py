"""An nbgrader application with the course folder's configuration, loaded the way the ``nbgrader`` commands do."""

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.course import CONFIG_NAME, Course, CourseError
from autograder.nbgrader_plugin import engines, metadata_schema

PREPROCESSOR = "autograder.nbgrader_plugin.preprocessor.GradeInSimulator"
RESTORE = "autograder.nbgrader_plugin.restore.RestoreCells"
LOG_FILE = ".nbgrader.log"
"""The file of nbgrader's log in the course folder, unless the configuration names another one."""
_GRADEBOOKS_LOG = logging.getLogger("tornado.application")
"""Where nbgrader's gradebook writes a traceback for each row that it cannot write."""


class CourseApp(NbGrader):
    """The application that converters and exporters take as their parent."""

    name = "nbgrader-autograder"
    description = "Grades a class in the NVFlare simulator"


@contextlib.contextmanager
def course_app(course: Course) -> Iterator[CourseApp]:
    """Yield the application, with the course folder as the current folder, which nbgrader wants. It logs to no console.

    Raises:
        CourseError: when the configuration cannot be loaded, or would not grade in the simulator.
    """
    with contextlib.chdir(course.root), same_search_paths(), metadata_schema.taken_as_valid(), engines.kept():
        app = CourseApp()
        app.raise_config_file_errors = True
        try:
            app.initialize([], root=str(course.root))
        except Exception as error:  # a configuration is a program, which can raise anything
            raise CourseError(f"{CONFIG_NAME} cannot be loaded: {type(error).__name__}: {error}") from error
        except SystemExit as error:
            raise CourseError(f"{CONFIG_NAME} has a value that nbgrader does not take; see above.") from error
        _check(app.config)
        _quiet(app)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader builds its rows in an order that SQLAlchemy minds
                yield app
        finally:
            _close_logs(app)


@contextlib.contextmanager
def same_search_paths() -> Iterator[None]:
    """Restore Python's path at the end, since nbgrader adds the current folder to it.

    The commands' path gets the interpreter's folder: to make a gradebook, nbgrader calls the command ``alembic``, which
    is not found when the environment is used without being activated.
    """
    modules, programs = list(sys.path), os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), programs])
    try:
        yield
    finally:
        sys.path[:] = modules
        os.environ["PATH"] = programs


def _check(config: Config) -> None:
    """Refuse a configuration that would run students' code in a kernel."""
    graders = _names(config.Autograde.get("autograde_preprocessors", []))
    if PREPROCESSOR not in graders or any(name.endswith(".Execute") for name in graders):
        raise CourseError(
            f"{CONFIG_NAME} does not grade in the simulator: c.Autograde.autograde_preprocessors has to name "
            f"{PREPROCESSOR} in the place of nbgrader's Execute."
        )
    cleaners = _names(config.Autograde.get("sanitize_preprocessors", []))
    if cleaners[:1] != [RESTORE]:
        raise CourseError(f"{CONFIG_NAME} has to name {RESTORE} first in c.Autograde.sanitize_preprocessors.")


def _names(preprocessors: object) -> list[str]:
    listed = preprocessors if isinstance(preprocessors, list) else []
    return [item if isinstance(item, str) else f"{item.__module__}.{item.__qualname__}" for item in listed]


def _quiet(app: CourseApp) -> None:
    """Send nbgrader's messages to a log file, so that they do not mix with ours."""
    logging.raiseExceptions = False  # a log for which the disk has no space would print a traceback for each line of it
    if not app.logfile:
        app.init_logging(logging.FileHandler, [LOG_FILE], color=False)
    for handler in app.log.handlers:
        if isinstance(handler, logging.FileHandler):
            _GRADEBOOKS_LOG.addHandler(handler)
        else:
            handler.setLevel(logging.CRITICAL + 1)
    _GRADEBOOKS_LOG.propagate = False


def _close_logs(app: CourseApp) -> None:
    _GRADEBOOKS_LOG.propagate = True
    for handler in app.log.handlers[1:]:
        _GRADEBOOKS_LOG.removeHandler(handler)
        app.log.removeHandler(handler)
        with contextlib.suppress(OSError):  # of the last lines, for which the disk has no space
            handler.close()
