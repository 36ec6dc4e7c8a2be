"""What the names in a download of Moodle's or Canvas's tell."""

import unicodedata
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.nbgrader_plugin.lms_names import Kind, Upload, before_file, name_in, number_of_copy, read_path, readings


def of_moodle(student: str, number: str, file: str = "a.ipynb", **more: Any) -> Upload:
    return Upload(student, number, file, moodle=True, **more)


def typed_in_moodle(student: str, number: str, **more: Any) -> Upload:
    return of_moodle(student, number, "onlinetext.html", kind=Kind.TEXT, **more)


@pytest.mark.parametrize(
    ("path", "upload"),
    [
        ("Ada Lovelace_1234567_assignsubmission_file_a.ipynb", of_moodle("Ada Lovelace_1234567", "1234567")),
        ("Ada Lovelace_12_assignsubmission_file_/a.ipynb", of_moodle("Ada Lovelace_12", "12", depth=1)),
        ("Ada Lovelace_12_assignsubmission_file/a.ipynb", of_moodle("Ada Lovelace_12", "12", depth=1)),
        ("x/Ada_12_assignsubmission_file_hw/b/a.ipynb", of_moodle("Ada_12", "12", depth=2, download="x")),
        ("Зоя  Ü_12_assignsubmission_file_a.ipynb", of_moodle("Зоя Ü_12", "12")),
        ("Participant_12_assignsubmission_file_a.ipynb", of_moodle("Participant_12", "12")),
        ("Group A_17_assignsubmission_file_a.ipynb", of_moodle("Group A_17", "", team=True)),
        ("Gruppe 12_17_assignsubmission_file/a.ipynb", of_moodle("Gruppe 12_17", "", team=True, depth=1)),
        ("Grupa_17_assignsubmission_file_a.ipynb", of_moodle("Grupa_17", "17")),
        ("Team Lee_17_assignsubmission_file_a.ipynb", of_moodle("Team Lee_17", "17")),
        ("Default group_assignsubmission_file_/a.ipynb", of_moodle("Default group", "", team=True, depth=1)),
        ("Default group_assignsubmission_file_a.ipynb", of_moodle("Default group", "", team=True)),
        ("Al_Ko_12_assignsubmission_file_B_3_assignsubmission_file_a.ipynb", None),
        ("Ada_12_assignsubmission_onlinetext_onlinetext.html", typed_in_moodle("Ada_12", "12")),
        ("Ada_12_assignsubmission_onlinetext_/onlinetext.html", typed_in_moodle("Ada_12", "12", depth=1)),
        ("Ada Lovelace_12_assignsubmission_file_", None),
        ("lovelaceada_123456_7891011_a.ipynb", Upload("lovelaceada_123456", "123456", "a.ipynb", 7891011)),
        ("lovelaceada_LATE_123456_78_a-2.ipynb", Upload("lovelaceada_123456", "123456", "a-2.ipynb", 78, late=True)),
        ("lovelaceada_123_text.html", Upload("lovelaceada_123", "123", "text.html", kind=Kind.TEXT)),
        ("lovelaceada_LATE_123_link.html", Upload("lovelaceada_123", "123", "link.html", kind=Kind.LINK, late=True)),
        ("group_7_1234_99_a.ipynb", Upload("group_7_1234", "1234", "a.ipynb", 99, team=True)),
        ("group_7_LATE_1234_99_a.ipynb", Upload("group_7_1234", "1234", "a.ipynb", 99, late=True, team=True)),
        ("de_la_cruzjuan_3_4_a.ipynb", Upload("de_la_cruzjuan_3", "3", "a.ipynb", 4)),
        ("LATE_anon_AbC12_4_a.ipynb", Upload("anon_AbC12", "", "a.ipynb", 4, late=True)),
        ("anon_5dA12_4_a.ipynb", Upload("anon_5dA12", "", "a.ipynb", 4)),
        ("anon_51234_4_a.ipynb", Upload("anon_51234", "", "a.ipynb", 4)),
        ("anon_5dA12_text.html", Upload("anon_5dA12", "", "text.html", kind=Kind.TEXT)),
        ("lovelaceada_3_4_hw/a.ipynb", Upload("lovelaceada_3", "3", "a.ipynb", 4, 1)),
        ("a.ipynb", None),
        ("submissions/a.ipynb", None),
    ],
)
def test_what_a_name_tells(path: str, upload: Upload | None) -> None:
    found = read_path(PurePath(path))
    if "B_3" in path:  # the file's name is the student's to choose, so it must not name another student
        assert found is not None and found.student == "Al_Ko_12"
    else:
        assert found == upload


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    ids = {
        found.student
        for form in ("NFC", "NFD")
        if (found := read_path(PurePath(unicodedata.normalize(form, "Zoë_1_assignsubmission_file_a.ipynb"))))
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("file", "copy"),
    [
        ("lab.ipynb", 0),
        ("lab-2.ipynb", 2),
        ("lab (3).ipynb", 3),
        ("lab(3).ipynb", 3),
        ("lab2.ipynb", None),
        ("lab-x.ipynb", None),
        ("my lab.ipynb", None),
        ("lab.ipynb.txt", None),
    ],
)
def test_copies(file: str, copy: int | None) -> None:
    assert number_of_copy(file, "lab.ipynb") == copy


@pytest.mark.parametrize(
    ("student", "number", "name"),
    [("Ada Lovelace_12", "12", "Ada Lovelace"), ("ada", "12", ""), ("ada_12", "", ""), ("anon_AbC12", "AbC12", "anon")],
)
def test_the_name_in_an_id(student: str, number: str, name: str) -> None:
    assert name_in(student, number) == name


NUMBERS = st.integers(1, 10**12).map(str)
PARTICIPANTS = st.text(st.characters(exclude_characters="_/\x00", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda name: bool(name.strip())
)
USERS = st.from_regex(r"[a-zà-öø-ÿ0-9]*[a-zà-öø-ÿ]", fullmatch=True).filter(lambda name: name != "anon")
FILES = st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), min_size=1)


@given(PARTICIPANTS, NUMBERS, FILES)
def test_a_participant_of_moodles_is_known_by_the_number_whatever_the_file_is_called(
    name: str, number: str, file: str
) -> None:
    found = read_path(PurePath(f"{name}_{number}_assignsubmission_file_{file}"))
    assert found is not None
    assert found.student == f"{' '.join(unicodedata.normalize('NFC', name).split())}_{number}"
    assert found.number == ("" if found.team else number)
    assert found.file == unicodedata.normalize("NFC", file)


@given(USERS, NUMBERS, NUMBERS, FILES, st.sampled_from(["", "LATE_"]))
def test_a_user_of_canvas_is_read_or_the_name_can_be_read_in_two_ways(
    name: str, number: str, upload: str, file: str, late: str
) -> None:
    possible = readings(PurePath(f"{name}_{late}{number}_{upload}_{file}"))
    assert any(
        (one.student, one.number, one.upload, one.late) == (f"{name}_{number}", number, int(upload), bool(late))
        for one in possible
    )
    assert len(possible) == 1 or file[0].isdigit()


@given(st.from_regex(r"[A-Za-z0-9]{5}", fullmatch=True), NUMBERS, FILES)
def test_an_anonymous_id_is_no_number_of_canvas(code: str, upload: str, file: str) -> None:
    found = read_path(PurePath(f"anon_{code}_{upload}_{file}"))
    assert found is not None
    assert (found.student, found.number) == (f"anon_{code}", "")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_name_can_be_read(name: str) -> None:
    read_path(PurePath(name))


@pytest.mark.parametrize("name", ["group_7_14_704_lab.ipynb", "my_team_3_LATE_14_704_lab.ipynb", "7_14_704_lab.ipynb"])
def test_the_first_two_numbers_before_a_file_are_those_of_the_user_and_of_the_upload(name: str) -> None:
    parts = before_file(PurePath(name)).split("_")
    assert [part for part in parts if part.isdecimal()] == ["14", "704"]
