"""What is collected of a download, and whose it is."""

from dataclasses import replace
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.nbgrader_plugin.choosing import AmbiguousDownload, Choice, choose
from autograder.roster.model import Person, Roster

ADA = Person("Ada Lovelace", number="17", teams=("Red Dragons", "Lab 1"))
BOB = Person("Bob Ross", number="18", teams=("Red Dragons",))


def choice(*paths: str, people: tuple[Person, ...] = (), known: tuple[str, ...] = ()) -> Choice:
    return choose(map(PurePath, paths), ["lab.ipynb"], Roster(people), known)


def chosen(
    *paths: str, people: tuple[Person, ...] = (), known: tuple[str, ...] = ()
) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for file, name in choice(*paths, people=people, known=known).files:
        found.setdefault(file.upload.student, []).append((str(file.path), name))
    return found


def test_who_handed_in_only_what_was_left_behind_is_not_passed_over() -> None:
    folder = "m/Ada_1_assignsubmission_file_"
    checkpoint = f"{folder}/.ipynb_checkpoints/lab-checkpoint.ipynb"
    for left in (checkpoint, f"{folder}/__MACOSX/._lab.ipynb", f"{folder}/.DS_Store"):
        found = choice(left, "m/Bob_2_assignsubmission_file_/lab.ipynb")
        assert {file.upload.student: name for file, name in found.files} == {
            "Ada_1": PurePath(left).name,
            "Bob_2": "lab.ipynb",
        }
        ((student, note),) = found.notes
        assert student == "Ada_1" and "leaves behind" in note
    assert chosen(checkpoint, f"{folder}/notes.txt") == {"Ada_1": [(f"{folder}/notes.txt", "notes.txt")]}


def test_the_newest_counts() -> None:
    assert chosen("c/ada_1_9_lab.ipynb", "c/ada_LATE_1_10_lab-1.ipynb", "c/ada_1_8_lab-2.ipynb") == {
        "ada_1": [("c/ada_LATE_1_10_lab-1.ipynb", "lab.ipynb")]
    }
    folder = "m/Ada_1_assignsubmission_file_"
    assert chosen(f"{folder}/lab.ipynb", f"{folder}/lab (1).ipynb", f"{folder}/old/lab (1).ipynb") == {
        "Ada_1": [(f"{folder}/lab (1).ipynb", "lab.ipynb")]
    }


def test_who_has_no_such_notebook_is_not_passed_over() -> None:
    assert chosen("ada_1_2_Untitled.ipynb", "ada_1_3_notes.txt", "bob_4_5_lab.pdf", "bob_4_6_timestamp.txt") == {
        "ada_1": [("ada_1_2_Untitled.ipynb", "Untitled.ipynb")],
        "bob_4": [("bob_4_5_lab.pdf", "lab.pdf")],
    }


def test_what_computers_leave_behind_is_no_submission() -> None:
    folder = "Ada_1_assignsubmission_file_"
    at_the_top = (
        ".DS_Store",
        f"__MACOSX/{folder}/._lab.ipynb",
        f"c/__MACOSX/{folder}/._lab.ipynb",
        f"._{folder}/lab.ipynb",
    )
    assert chosen(*at_the_top) == {}


def test_two_downloads_of_a_student_are_told() -> None:
    with pytest.raises(AmbiguousDownload, match="Leave one download only"):
        chosen("a/Ada_1_assignsubmission_file_lab.ipynb", "b/Ada_1_assignsubmission_file_lab.ipynb")


def test_two_downloads_of_one_student_are_no_matter_of_the_others() -> None:
    files = [f"{place}_assignsubmission_file_lab.ipynb" for place in ("a/Ada_1", "b/Ada_1", "b/Bob_2")]
    assert chosen(*files).keys() == {"Bob_2"}
    ((student, note),) = choice(*files).notes
    assert student == "Ada_1"
    assert note.startswith("not collected: ")
    assert "Leave one download only" in note


def test_a_download_that_is_named_like_a_student_is_told() -> None:
    with pytest.raises(AmbiguousDownload, match="give it another name"):
        chosen("course_2024_11_24/ada_1_2_lab.ipynb")


def test_a_name_in_an_archive_of_a_students_names_nobody_else() -> None:
    assert chosen("c/ada_1_2_hw/bob_3_4_lab.ipynb", "c/bob_3_4_lab.ipynb") == {
        "ada_1": [("c/ada_1_2_hw/bob_3_4_lab.ipynb", "bob_3_4_lab.ipynb")],
        "bob_3": [("c/bob_3_4_lab.ipynb", "lab.ipynb")],
    }


def numbers(*paths: str, people: tuple[Person, ...] = (), known: tuple[str, ...] = ()) -> dict[str, str]:
    return {one.upload.student: one.upload.number for one, _ in choice(*paths, people=people, known=known).files}


def test_what_was_typed_in_is_taken_of_those_who_handed_in_nothing_else() -> None:
    assert chosen(
        "Ada_1_assignsubmission_onlinetext_/onlinetext.html",
        "Ada_1_assignsubmission_file_/notes.txt",
        "Bob_2_assignsubmission_onlinetext_/onlinetext.html",
        "coxcy_3_text.html",
        "dydan_LATE_4_link.html",
    ) == {
        "Ada_1": [("Ada_1_assignsubmission_file_/notes.txt", "notes.txt")],
        "Bob_2": [("Bob_2_assignsubmission_onlinetext_/onlinetext.html", "onlinetext.html")],
        "coxcy_3": [("coxcy_3_text.html", "text.html")],
        "dydan_4": [("dydan_LATE_4_link.html", "link.html")],
    }
    assert choice("coxcy_3_text.html", "dydan_4_link.html").notes == (
        ("coxcy_3", "only a text that was typed in"),
        ("dydan_4", "only a link"),
    )


MOODLE = "_assignsubmission_file_/lab.ipynb"


def test_a_name_with_and_without_its_group_is_one_student_by_the_number() -> None:
    paths = (f"Group A-Ada Lovelace_17{MOODLE}", f"Ada Lovelace_17{MOODLE}", f"Ada Lovelace_18{MOODLE}")
    assert numbers(*paths) == {"Ada Lovelace_17": "17", "Ada Lovelace_18": "18"}
    assert "also called Group A-Ada Lovelace_17" in str(choice(*paths).notes)
    assert numbers(f"Ada Lovelace_17{MOODLE}", known=("Group A-Ada Lovelace_17",)) == {"Group A-Ada Lovelace_17": "17"}


def test_a_folder_in_another_case_is_the_same_student_and_told() -> None:
    found = choice(f"Ada Lovelace_17{MOODLE}", known=("ada lovelace_17", "Ada_17"))
    assert [one.upload.student for one, _ in found.files] == ["ada lovelace_17"]
    assert found.notes == (("ada lovelace_17", "also called Ada Lovelace_17; by the number it is the same student"),)


def test_one_number_with_two_names_stays_two_students() -> None:
    assert set(numbers("ada_1_2_lab.ipynb", "bob_1_3_lab.ipynb")) == {"ada_1", "bob_1"}


def test_a_team_of_moodle_is_no_participant() -> None:
    assert numbers(f"Group A_17{MOODLE}") == {"Group A_17": ""}
    # Moodle gives each student a number, so who has none is a team, and all others are teams too.
    assert numbers(f"Red Dragons_17{MOODLE}", f"Default group{MOODLE}") == {"Red Dragons_17": "", "Default group": ""}
    assert numbers(f"Red Dragons_17{MOODLE}", people=(replace(ADA, teams=()), replace(BOB, teams=()))) == {
        "Red Dragons_17": ""
    }


def test_a_team_in_the_roster_hands_in_for_all_members() -> None:
    found = choice(f"Red Dragons_17{MOODLE}", people=(ADA, BOB))
    assert {one.upload.student: str(one.location) for one, _ in found.files} == {
        "Ada Lovelace_17": f"Red Dragons_17{MOODLE}",
        "Bob Ross_18": f"for members/1/Red Dragons_17{MOODLE}",
    }
    assert found.notes == (("Red Dragons_17", "a team's, which goes to Ada Lovelace, Bob Ross"),)


def test_a_participant_in_the_roster_keeps_the_number() -> None:
    people = (ADA, BOB)
    assert numbers(f"Lab 1-Ada Lovelace_17{MOODLE}", f"Bob Ross_18{MOODLE}", people=people) == {
        "Lab 1-Ada Lovelace_17": "17",
        "Bob Ross_18": "18",
    }
    assert numbers(f"Bob Ross_17{MOODLE}", f"Cy Cox_19{MOODLE}", people=people) == {"Bob Ross_17": "", "Cy Cox_19": ""}


def test_of_two_readings_the_one_that_fits_counts() -> None:
    assert numbers("red_7_1234_99_lab.ipynb") == {"red_7_1234": "1234"}
    assert numbers("ada_5_99_2024_11_hw.ipynb") == {"ada_5": ""}
    assert numbers("ada_5_99_2024_11_hw.ipynb", "ada_5_98_lab.ipynb") == {"ada_5": "5"}
    assert numbers("ada_5_99_2024_11_hw.ipynb", people=(Person("ada", number="5"),)) == {"ada_5": "5"}


NAMES = st.text(st.characters(exclude_characters="_/\x00-.", exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    lambda name: bool(name.strip())
)


@given(st.dictionaries(st.integers(1, 99).map(str), NAMES, max_size=8), st.booleans())
def test_each_number_of_moodles_is_one_student(names: dict[str, str], with_group: bool) -> None:
    paths = [f"{name}_{number}{MOODLE}" for number, name in names.items()]
    if with_group:
        paths += [f"Lab-{name}_{number}_assignsubmission_file_lab.ipynb" for number, name in names.items()]
    found = [one.upload.student.rpartition("_")[2] for one, _ in choice(*paths).files]
    assert sorted(found) == sorted(names)
