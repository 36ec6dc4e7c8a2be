"""Whose a gradebook is. nbgrader knows assignments and students by their names, whatever the ``course_id`` is.

So two course folders on one database would overwrite each other's cells, scores and students. A database outside of a
course folder is therefore marked with the folder that uses it, and refused to any other.
"""

import contextlib
import socket
import uuid
from pathlib import Path

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from autograder.atomic_file import replacing
from autograder.course import Course, CourseError
from autograder.nbgrader_plugin.trouble import shown

ID_FILE = ".course-folder"
"""The file with a course folder's id, which goes where the folder goes."""

_LONGEST = 1000
_OWNER = Table(
    "autograder_course_folder",
    MetaData(),
    Column("only", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("place", String(_LONGEST), nullable=False),
)


def claim(db_url: str, course: Course) -> None:
    """Mark a gradebook as that of a course folder, unless it lies in that folder.

    Raises:
        CourseError: when another course folder uses it.
        OSError: when the folder's id cannot be written.
        SQLAlchemyError: when the gradebook cannot be used.
    """
    address = make_url(db_url)
    if address.get_backend_name() == "sqlite" and course.root in Path(address.database or "").resolve().parents:
        return
    own, place = _id_of(course), f"{socket.gethostname()}:{course.root}"[:_LONGEST]
    engine = create_engine(address)
    try:
        _OWNER.metadata.create_all(engine)
        with contextlib.suppress(IntegrityError), engine.begin() as connection:
            if connection.execute(select(_OWNER)).first() is None:
                connection.execute(insert(_OWNER).values(only=1, id=own, place=place))
        with engine.begin() as connection:
            _compare(connection, own, place, shown(db_url))
    finally:
        engine.dispose()


def _compare(connection: Connection, own: str, place: str, gradebook: str) -> None:
    """Refuse another folder's gradebook. A folder that was moved is the same one; one that was copied is not."""
    owner = connection.execute(select(_OWNER)).one()
    if owner.id == own and (owner.place == place or not _is_copied(own, owner.place)):
        connection.execute(update(_OWNER).values(place=place))
        return
    instead = (
        f"delete {ID_FILE} here"
        if owner.id == own
        else f"if this folder takes its place, write {owner.id} to {ID_FILE}"
    )
    raise CourseError(
        f"the gradebook {gradebook} is that of another course folder, {owner.place}. In one database the two would "
        "overwrite each other, since nbgrader knows assignments and students by their names. Name another database "
        f"in c.CourseDirectory.db_url; {instead}."
    )


def _is_copied(own: str, place: str) -> bool:
    """Return whether the folder with the same id is still where it was, on this machine."""
    host, _, root = place.partition(":")
    if host != socket.gethostname():
        return False
    with contextlib.suppress(OSError):
        return Path(root, ID_FILE).read_text(encoding="ascii").strip() == own
    return False


def _id_of(course: Course) -> str:
    path = course.root / ID_FILE
    with contextlib.suppress(FileNotFoundError):
        if found := path.read_text(encoding="ascii", errors="replace").strip():
            return found[:32]
    with replacing(path, encoding="ascii") as file:
        file.write(f"{(made := uuid.uuid4().hex)}\n")
    return made
