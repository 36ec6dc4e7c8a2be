"""The class at a glance: what it counts, and what its forms make of hostile text."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from autograder.report.class_report import course_page, data, figures, page
from autograder.report.class_report.mistakes import common_mistakes
from autograder.report.class_report.model import ClassReport, CodePair, CodeRow, Group, Likeness, Member, State
from autograder.report.class_report.view import class_report, histogram
from autograder.report.grade import Grade, Part, by_rubric, for_a_person
from autograder.report.model import ExerciseReport, Flag, Report, Verdict
from tests.unit.report import rendered

PARTLY = rendered.partly_right()
FLAG = Flag("forged", "site-1", "send", "writes to another site's log")


def exercise(name: str, *hints: str) -> ExerciseReport:
    """An exercise with three checks, of which the first ones failed with these hints, whose codes come first."""
    told = [{"code": hint.partition(": ")[0], "hint": hint} for hint in hints]
    failed = [rendered.check(f"check_{n}", 0, 1, seen="nothing", **one) for n, one in enumerate(told)]
    passed = [rendered.check(f"check_{n}", 1, 1) for n in range(len(hints), 3)]
    verdict = Verdict.NOT_PASSED if hints else Verdict.PASSED
    return ExerciseReport(name, name.capitalize(), f"test_{name}", verdict, (*failed, *passed))


def member(student: str, report: Report) -> Member:
    """A submission whose grade is what its report comes to."""
    return Member(student, report, by_rubric(report))


def graded(student: str, *hints: str, **more: Any) -> Member:
    """A submission of one exercise."""
    verdict = Verdict.NOT_PASSED if hints else Verdict.PASSED
    report = rendered.report(exercise("send", *hints), verdict=verdict, **more)
    return Member(student, report, by_rubric(report), f"../feedback/{student}/page.html")


BROKEN = replace(exercise("send", "ask: Ask your instructor."), verdict=Verdict.INFRASTRUCTURE)
MEMBERS = (
    graded("ada"),
    graded("bob", "missing: At site-1.", "missing: At site-1."),
    graded("cy", "missing: At site-2.", "other: Something else."),
    graded("dan", flags=(FLAG,), problems=("The check cell was changed.",)),
    member("eve", rendered.report(BROKEN, verdict=Verdict.INFRASTRUCTURE)),
    Member("flo", rendered.report(verdict=Verdict.NOT_GRADABLE, problems=("This is no notebook.",))),
    Member("gil", None),
)
ALIKE = Likeness((Group(("ada", "dan"), 1.0, ("send",)),), (), 4, 0.8)


def of(*members: Member, likeness: Likeness = ALIKE) -> ClassReport:
    return class_report("p2p_communication", members, likeness, "2026-01-02 03:04")


REPORT = of(*MEMBERS)


class Elements(HTMLParser):
    """Tags with their attributes, and the text of a page without its style and script."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._within = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within not in ("style", "script"):
            self.text += data

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_it_counts_who_was_judged_and_who_passed() -> None:
    assert (REPORT.submissions, REPORT.judged, REPORT.passed) == (7, 4, 2)
    assert (REPORT.mean, REPORT.median, REPORT.max_points) == (2, 2, 3)
    assert [(check.name, check.passed, check.judged) for check in REPORT.checks] == [
        ("check_0", 2, 4),
        ("check_1", 2, 4),
        ("check_2", 4, 4),
    ]


def test_what_was_not_judged_has_no_points() -> None:
    students = {student.student: student for student in REPORT.students}
    assert students["gil"].verdict == "not graded yet"
    for name in ("eve", "flo", "gil"):
        assert students[name].points is None
        assert {cell.state for cell in students[name].cells} == {State.NOT_JUDGED}


def test_the_grade_counts_and_what_it_waits_for_is_to_look_at() -> None:
    by_hand = Part("test_send", 3, by_rubric=3, by_hand=1)
    essay = Part("essay", 2, by_person=True, waits=True)
    report = graded("ada").report
    found = of(Member("ada", report, Grade((by_hand,))), Member("bob", report, Grade((by_hand, essay))))
    ada, bob = found.students
    assert (ada.points, ada.made_of, ada.verdict) == (1, "0 by rubric, 1 by hand", "passed")
    assert (bob.points, bob.verdict) == (None, "not read yet")
    assert (found.mean, found.judged) == (1, 2)
    assert [(one.student, one.kind) for one in found.attention] == [("bob", "not read yet")]
    assert "not read yet: essay" in found.attention[0].message


def test_students_who_are_alike_name_each_other() -> None:
    alike = {student.student: student.alike for student in REPORT.students if student.alike}
    assert alike == {"ada": ("dan",), "dan": ("ada",)}


def test_a_hint_is_one_mistake_whatever_names_are_in_it_and_however_often_it_is_given() -> None:
    first, second = common_mistakes(MEMBERS[:4])
    assert (first.students, first.first, first.checks) == (2, 2, ("check_0", "check_1"))
    assert (first.example, first.feedback) == ("bob", "../feedback/bob/page.html")
    assert (second.students, second.first, second.hint) == (1, 0, "other: Something else.")


def test_exceptions_of_several_classes_are_several_mistakes() -> None:
    def raised(student: str, exception: str) -> Member:
        failed = rendered.check("check_0", 0, 1, code="execute.raised", data={"exception": exception, "told": student})
        one = replace(PARTLY, checks=(failed,))
        return member(student, rendered.report(one))

    members = [raised("ada", "KeyError"), raised("bob", "KeyError"), raised("cy", "NameError")]
    assert [one.students for one in common_mistakes(members)] == [2, 1]


def test_what_a_person_has_to_look_at_comes_with_the_worst_first() -> None:
    assert [(one.student, one.kind) for one in REPORT.attention] == [
        ("flo", "cannot be graded"),
        ("eve", "infrastructure"),
        ("dan", "flag"),
        ("gil", "not graded yet"),
    ]
    assert [(note.student, note.message) for note in REPORT.notes] == [("dan", "The check cell was changed.")]


@pytest.mark.parametrize("most", [0.5, 3, 12, 17.5, 100])
def test_each_student_is_in_one_bar_of_the_histogram(most: float) -> None:
    points = [most * n / 7 for n in range(8)]
    bars = histogram(points, most)
    assert sum(bar.students for bar in bars) == len(points)
    assert bars[-1].students == 1
    assert len(bars) <= 21
    assert f"all {most:g}: 1" in figures.said(bars)


def test_without_points_there_is_no_histogram() -> None:
    assert figures.histogram(histogram([], 12)) == ""


def test_the_page_is_marked_up_for_screen_readers() -> None:
    found = Elements(page.render(REPORT))
    assert len(found.named("caption")) == len(found.named("table"))
    assert all("scope" in attributes for attributes in found.named("th"))
    assert len(found.named("h1")) == 1
    assert [one["aria-sort"] for one in found.named("th") if "aria-sort" in one] == ["ascending", *["none"] * 6]


def test_each_cell_says_its_state_without_colour() -> None:
    source = page.render(REPORT)
    assert '<td class="p">1</td>' in source
    assert re.search(r'<td class="f" title="missing: At site-1.">0</td>', source)
    assert '<td class="n"><span class="said">not judged</span></td>' in source
    for name, sign in (("p", "✓"), ("h", "◐"), ("f", "✗"), ("n", "–")):
        assert f'.{name}::before {{ content: "{sign} "' in source


def test_links_lead_to_feedback_pages_and_nowhere_else() -> None:
    found = Elements(page.render(REPORT))
    links = {attributes["href"] for attributes in found.named("a")}
    assert {link for link in links if not link.startswith("#")} == {
        f"../feedback/{name}/page.html" for name in ("ada", "bob", "cy", "dan")
    }
    assert {link[1:] for link in links if link.startswith("#")} <= {one.get("id") for _, one in found.tags}
    assert not [one for _, one in found.tags if "src" in one]


def hostile() -> ClassReport:
    text = rendered.HOSTILE
    code = (CodePair(text, (CodeRow("alike", text, text), CodeRow("left out", left_out=9))),)
    likeness = Likeness((Group((text, "ada"), 0.9, (text,), code),), (Group(("ada", text), 1.0),), 2, 0.8)
    report = rendered.report(rendered.hostile(), flags=(text,), problems=(text,), isolation=text)
    return of(Member(text, report, by_rubric(report), "../feedback/x.html"), graded("ada"), likeness=likeness)


def test_one_number_says_how_many_a_person_has_to_look_at() -> None:
    many = tuple(replace(FLAG, party=f"site-{n % 3}") for n in range(9))
    assert MEMBERS[5].report
    report = of(*MEMBERS, graded("hal", flags=many), Member("ian", replace(MEMBERS[5].report, flags=many)))
    assert [one.student for one in report.attention] == ["flo", "ian", "eve", "dan", "hal", "gil"]
    assert "To look at (6)" in page.render(report)
    looked_at = sum(for_a_person(one.report, one.grade) for one in MEMBERS if one.report)
    assert looked_at + 1 == len(of(*MEMBERS).attention)  # and who has no report yet
    hal = next(one for one in report.attention if one.student == "hal")
    assert hal.message.count("Flag: ") == 3


def test_hostile_text_stays_text() -> None:
    source = page.render(hostile())
    found = Elements(source)
    assert len(found.named("script")) == 1
    assert not found.named("img")
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on") or name == "style"]
    assert "<script>alert(1)</script><img src=x" in found.text
    assert not {"\x1b", "\x00", "\u202e", "\ud800"} & set(source)
    assert "7*7" in found.text
    source.encode("utf-8")


def test_the_page_may_run_its_own_script_and_fetch_nothing() -> None:
    policy = next(one["content"] for one in Elements(page.render(REPORT)).named("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)) == 2


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_has_enough_contrast_in_light_dark_and_print() -> None:
    themes = re.findall(r":root \{(.*?)\}", page.render(REPORT), re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", theme))
        texts = [(f"{name}-text", name) for name in ("pass", "part", "fail", "none")]
        texts += [(text, below) for text in ("text", "quiet", "link") for below in ("page", "soft")]
        for text, below in texts:
            assert contrast(colours[text], colours[below]) >= 4.5, (text, below)
        assert contrast(colours["bar"], colours["page"]) >= 3


def test_a_class_without_trouble_and_one_without_points() -> None:
    assert "Nothing: every submission has a grade" in page.render(of(graded("ada"), likeness=Likeness()))
    nobody = page.render(of(Member("gil", None), likeness=Likeness()))
    assert "Nobody has any points yet." in nobody
    assert "No submissions stand out." in nobody


def test_json_holds_all_of_it() -> None:
    loaded = json.loads(data.dumps(REPORT))
    assert loaded["version"] == data.VERSION
    assert loaded["students"][1]["cells"][0] == {
        "state": "not passed",
        "points": 0,
        "why": "missing: At site-1.",
    }
    assert loaded["likeness"]["groups"][0]["students"] == ["ada", "dan"]
    data.dumps(hostile()).encode("ascii")


def test_csv_has_a_line_for_each_student_and_no_formulas() -> None:
    file = io.StringIO(newline="")
    data.write_csv(of(*MEMBERS, Member("=1+1", None)), file)
    lines = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert [line["student"] for line in lines] == [*(member.student for member in MEMBERS), "'=1+1"]
    assert (lines[1]["points"], lines[1]["send.check_0"], lines[1]["send.check_2"]) == ("1.0", "0", "1")
    assert (lines[5]["points"], lines[5]["problems"]) == ("", "This is no notebook.")
    assert lines[0]["alike"] == "dan"


def test_five_hundred_students() -> None:
    members = [
        member(f"student-{n:03}", rendered.report(PARTLY, exercise("send", f"Hint {'x' * (n % 50)}.")))
        for n in range(500)
    ]
    source = page.render(of(*members, likeness=Likeness()))
    assert source.count('<tr data-kind="') == 500
    assert len(source) < 1_000_000


def test_a_long_name_goes_on_in_the_next_line_after_a_mark_in_it() -> None:
    found = page.render(of(graded("lovelace_ada@example.org"), graded("<b>_x&y")))
    assert "lovelace_<wbr>ada@<wbr>example.<wbr>org</a>" in found
    assert "&lt;b&gt;_<wbr>x&amp;y</a>" in found


def test_who_has_not_handed_in_and_who_was_late_is_named_in_each_form() -> None:
    late = Member("ada", graded("ada").report, late="late by 2 h")
    report = class_report("p2p_communication", [late], Likeness(), "now", ["<b>Zoë</b>", "=1+1"])
    shown = Elements(page.render(report))
    assert "Not handed in (2)" in shown.text
    assert "Late by 2 h." in shown.text
    assert not shown.named("b")
    file = io.StringIO()
    data.write_csv(report, file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [(row["student"], row["verdict"], row["late"]) for row in rows] == [
        ("ada", "passed", "late by 2 h"),
        ("<b>Zoë</b>", "not handed in", None),
        ("'=1+1", "not handed in", None),
    ]
    assert json.loads(data.dumps(report))["absent"] == ["<b>Zoë</b>", "=1+1"]
    assert "Not handed in" not in Elements(page.render(REPORT)).text


def test_the_page_of_the_course_names_who_has_handed_in_nothing() -> None:
    course = course_page.overview([("P2P", of(graded("ada")))], ["<b>Zoë</b>", "=1+1"])
    shown = Elements(course_page.render(course))
    assert "Handed in nothing" in shown.text and "<b>Zoë</b>" in shown.text
    assert not shown.named("b")
    file = io.StringIO()
    course_page.write_csv(course, file)
    assert [row[:2] for row in csv.reader(io.StringIO(file.getvalue()))][1:] == [
        ["ada", "3.0"],
        ["<b>Zoë</b>"],
        ["'=1+1"],
    ]
    assert "Handed in nothing" not in Elements(course_page.render(course_page.overview([("P2P", REPORT)]))).text
