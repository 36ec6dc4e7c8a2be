"""The class page as a person uses it: it fits the window, and can be sorted and searched by keyboard."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.report.class_report import page as class_page
from autograder.report.class_report.model import CodePair, CodeRow, Group, Likeness, Member
from autograder.report.class_report.view import class_report
from autograder.report.grade import by_rubric
from autograder.report.model import ExerciseReport, Flag, Verdict
from tests.unit.report import rendered
from tests.unit.similarity.test_comparison import ORIGINAL, RETOLD
from tests.unit.similarity.test_side_by_side import compared

pytestmark = pytest.mark.slow

_CHECKS = 13
_STUDENTS = 500
_FLAG = Flag("ended", "site-1", "send", "its process ended in the middle of the run")
_HINT = "At site-0 your targets leave out site-2. Print the list there: whom does it hold at each site?"

ROWS = tuple(CodeRow(row.kind, row.left, row.right, row.left_out) for row in compared(ORIGINAL, RETOLD))
ALIKE = Group(("a_student_with_a_long_name_3", "2029/eve_1234567"), 0.93, ("send",), (CodePair("send", ROWS),))


def _member(number: int) -> Member:
    """A student; every other one missed a check, and every fiftieth could not be graded."""
    student = f"a_student_with_a_long_name_{number}"
    if number % 50 == 0:
        path = "/a/folder/that/has/a/long/path/submitted/without_a_notebook"
        return Member(
            student, rendered.report(verdict=Verdict.NOT_GRADABLE, problems=(f"There is no notebook in {path}.",))
        )
    missed = number % 2
    checks = [rendered.check(f"says_hello_{n}", 1, 1) for n in range(_CHECKS - missed)]
    checks += [rendered.check("missed_often", 0, 1, hint=_HINT, code="targets.leave_out")] * missed
    verdict = Verdict.NOT_PASSED if missed else Verdict.PASSED
    exercise = ExerciseReport("send", "1 Send", "test_send", verdict, tuple(checks))
    report = rendered.report(
        exercise,
        verdict=verdict,
        flags=(_FLAG,),
    )
    report = replace(report, flags=report.flags * missed)
    return Member(student, report, by_rubric(report), f"../feedback/{student}/page.html")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a large class."""
    path = tmp_path_factory.mktemp("class") / "class.html"
    members = [_member(number) for number in range(_STUDENTS)]
    likeness = Likeness((ALIKE,), (), 480, 0.9, earlier=300)
    report = class_report("p2p_communication", members, likeness, "2030-01-01 12:00")
    path.write_text(class_page.render(report), encoding="utf-8")
    return path


def _students(page: Page) -> list[str]:
    return page.locator("#students tbody tr:visible th").all_inner_texts()


@pytest.mark.parametrize("width", [1000, 1200, 1400])
def test_the_table_of_students_fits_with_its_reasons(
    width: int, written: Path, browser: Browser, pictures: Path
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(written.as_uri())
    page.locator("#class").scroll_into_view_if_needed()
    page.screenshot(path=pictures / f"class-page-{width}.png")
    spare = "element => element.clientWidth - element.scrollWidth"
    assert page.locator(".heat").evaluate(spare) >= 0
    assert page.locator("html").evaluate(spare) >= 0
    reason = page.locator("#students .why").nth(1).bounding_box()
    assert reason
    assert reason["width"] > 200
    page.close()


def test_a_phone_shows_all_of_it_without_scrolling_sideways(written: Path, browser: Browser, pictures: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(written.as_uri())
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true; }")
    for place, section in enumerate(page.locator("section").all()):
        section.evaluate("element => element.scrollIntoView()")
        page.screenshot(path=pictures / f"class-page-390-{place}.png")
    for box in [page.locator("html"), *page.locator(".scroll").all()]:
        label = box.get_attribute("aria-label")
        assert box.evaluate("element => element.clientWidth - element.scrollWidth") >= 0, label
    reason = page.locator("#students .why").nth(1).bounding_box()
    assert reason
    assert reason["width"] > 100
    page.close()


def test_two_codes_stand_side_by_side_where_they_are_asked_for(written: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(written.as_uri())
    page.get_by_text("Code side by side").click()
    row = page.locator(".sides tr.alike").first.locator("td")
    left, right = row.nth(0).bounding_box(), row.nth(2).bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"] and left["x"] < right["x"]
    page.close()


def test_it_is_sorted_and_searched_by_keyboard(written: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(written.as_uri())
    assert _students(page)[-1].endswith("_499")

    page.locator("#students thead").get_by_role("button", name="Points").press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Points")
    points = page.locator("#students tbody td.number").all_inner_texts()
    assert points[0] == "12"
    assert set(points[-_STUDENTS // 50 :]) == {"–"}  # who has none comes last

    page.get_by_role("searchbox").press_sequentially("NAME_49 flag")
    expect(page.locator("#count")).to_have_text(f"6 of {_STUDENTS} shown")
    assert _students(page)[0].endswith("_49")
    page.close()
