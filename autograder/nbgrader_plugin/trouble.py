"""The trouble that the gradebook itself can have, in words for whoever keeps it."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from autograder.course import CourseError

_ADVICE = (
    (
        ("locked",),
        "Another program is writing to it: end that (the Formgrader, another nbgrader command, a database browser)",
    ),
    (("readonly", "read-only", "unable to open"), "Make the file and its folder writable for you"),
    (("full", "disk i/o"), "Free some space on its disk"),
    (
        ("not a database", "malformed"),
        "The file is damaged: put a copy of it back, or move it away to have it filled again from the kept reports "
        "(scores and comments given by hand are in the old file only)",
    ),
)
_OF_DATABASE = (DBAPIError, ArgumentError, PoolTimeout)
_OF_VALUES = (IntegrityError, DataError)
"""What the database says of a value that it was given: it works, and the value is somebody's mistake."""
_OTHER_ADVICE = "See that c.CourseDirectory.db_url is right, its driver installed and its server up"


class GradebookTrouble(CourseError):
    """The gradebook cannot be read or written. The message says why, and what can be done."""


def gradebook_trouble(db_url: str, error: BaseException) -> GradebookTrouble | None:
    """Return the gradebook's trouble if an exception comes from it, else None.

    A row that is not found, or that cannot be as it is, is no trouble of the gradebook's.
    """
    found: BaseException | None = error
    while found is not None and not _is_of_gradebook(found):
        found = found.__cause__ or found.__context__  # nbgrader makes others of the database's exceptions
    return None if found is None else _trouble(db_url, found)


def _is_of_gradebook(error: BaseException) -> bool:
    return isinstance(error, _OF_DATABASE) and not isinstance(error, _OF_VALUES)


@contextlib.contextmanager
def gradebook_errors(db_url: str) -> Iterator[None]:
    """Raise `GradebookTrouble` for whatever goes wrong with the gradebook within the context."""
    try:
        yield
    except CourseError:
        raise
    except Exception as error:
        lacking = isinstance(error, ImportError) and _lacks_driver(db_url)
        if trouble := _trouble(db_url, error) if lacking else gradebook_trouble(db_url, error):
            raise trouble from error
        raise


def shown(db_url: str) -> str:
    """Return a gradebook's address without its password."""
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "the address in c.CourseDirectory.db_url"


def _lacks_driver(db_url: str) -> bool:
    """Tell whether a database's driver, which is a package of its own, is not installed."""
    try:
        make_url(db_url).get_dialect().import_dbapi()
    except ImportError:
        return True
    return False


def _trouble(db_url: str, cause: BaseException) -> GradebookTrouble:
    original = getattr(cause, "orig", None) or cause
    said = " ".join(str(original).split())[:300] or type(original).__name__
    advice = next((words for signs, words in _ADVICE if any(sign in said.lower() for sign in signs)), _OTHER_ADVICE)
    return GradebookTrouble(
        f"the gradebook cannot be used ({said}). {advice}, then grade again: what was graded is kept. "
        f"It is {shown(db_url)}."
    )
