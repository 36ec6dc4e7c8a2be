"""What is called the gradebook's trouble, and what is not."""

import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, NoResultFound

from autograder.nbgrader_plugin.trouble import GradebookTrouble, gradebook_errors, gradebook_trouble

URL = "sqlite:///gradebook.db"


def test_a_database_that_cannot_be_used_is(tmp_path: Path) -> None:
    damaged = tmp_path / "gradebook.db"
    damaged.write_bytes(b"no database at all" * 500)
    url = f"sqlite:///{damaged}"
    with pytest.raises(GradebookTrouble, match="The file is damaged"), gradebook_errors(url):
        Gradebook(url)


@pytest.mark.parametrize("url", ["nosuchdatabase://localhost/x", "no address at all", "firebird://localhost/x"])
def test_an_address_that_is_none_is(url: str) -> None:
    with pytest.raises(GradebookTrouble, match="db_url is right"), gradebook_errors(url):
        create_engine(url)


def test_a_driver_that_is_not_installed_is() -> None:
    url = "mysql+pymysql://localhost/x"
    with pytest.raises(GradebookTrouble, match="its driver installed"), gradebook_errors(url):
        create_engine(url)


def test_another_package_that_is_not_installed_is_not() -> None:
    with pytest.raises(ImportError, match="nothing_of_this_name"), gradebook_errors(URL):
        import nothing_of_this_name  # noqa: F401


def test_a_row_that_is_not_there_is_not() -> None:
    try:
        try:
            raise NoResultFound
        except NoResultFound:
            raise MissingEntry("No such grade: test_extra")  # noqa: B904  # as nbgrader does
    except MissingEntry as error:
        assert gradebook_trouble(URL, error) is None


def test_a_row_that_cannot_be_is_not() -> None:
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("create table student (id integer primary key)"))
        try:
            connection.execute(text("insert into student values (1), (1)"))
        except IntegrityError as error:
            invalid = InvalidEntry(*error.args)
            invalid.__context__ = error
            assert gradebook_trouble(URL, invalid) is None


def test_another_database_of_this_program_is_not() -> None:
    with pytest.raises(sqlite3.OperationalError), gradebook_errors(URL):
        sqlite3.connect(":memory:").execute("select * from history")
