"""What a notebook shows while a run goes on: in place, escaped, and only as much as the place can take."""

import pytest

from autograder.evidence.model import LogLine
from autograder.grading.progress import PartyState, Passed, Progress, Step
from autograder.notebook import live
from autograder.notebook.live import Live
from autograder.notebook.live_view import view, where
from autograder.notebook.show import Shown, notice, rubric, summary
from tests.unit.report.rendered import HOSTILE, own_run, partly_right
from tests.unit.report.test_rendering import Page

PARTIES = {"server": PartyState.READY, "site-0": PartyState.FINISHED, "site-1": PartyState.STARTING}
LATEST = (Passed("site-0", "site-1", "hello", "Hello from site-0", "OK"), Passed("site-0", "server", "hello", ""))
AT_WORK = Progress(Step.AT_WORK, 3.2, 44.0, (), PARTIES, {"hello": 9, "bye": 1}, LATEST)


def line(text: str) -> LogLine:
    return LogLine("site-0", "", "P2PExecutor", "submission.P2PExecutor", "INFO", "", text)


class Notebook:
    """An output area: what is displayed, and every version of it."""

    def __init__(self) -> None:
        self.displayed = 0
        self.versions: list[str] = []

    def display(self, shown: Shown, display_id: str) -> "Notebook":
        assert display_id.startswith("course-")
        self.displayed += 1
        self.update(shown)
        return self

    def update(self, shown: Shown) -> None:
        self.versions.append(shown.text)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    made = Notebook()
    monkeypatch.setattr(live, "display", made.display)
    return made


def test_all_that_is_known_is_shown_in_both_forms() -> None:
    shown = view(AT_WORK, [line(f"line {number}") for number in range(30)])
    for text in (shown.text, Page(shown.html).text):
        for part in (
            "Step 3 of 5: the exercise runs · 3.2 s (usually less than 15, at most 44)",
            "10 messages so far: hello × 9, bye × 1",
            "site-0 → site-1: hello “Hello from site-0”, answered OK",
            "site-0 → server: hello",
            "● ready",
            "✓ finished",
            "… starting",
            "(the last 8 of 30)",
            "site-0: INFO P2PExecutor: line 29",
        ):
            assert part in text
        assert "line 21" not in text


def test_whatever_a_student_wrote_is_shown_as_text() -> None:
    evil = Passed(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    shown = view(Progress(Step.AT_WORK, 1.0, 2.0, (), PARTIES, {HOSTILE: 1}, (evil,)), [line(HOSTILE)])
    assert set(Page(shown.html).tags) <= {"div", "span", "strong", "pre"}
    assert {name for name, _ in Page(shown.html).attributes} == {"style"}
    for text in (shown.html, shown.text):
        assert not {"\x1b", "\x00", "\u202e", "\ud800", "\r", "\t"} & set(text)
    assert len(shown.html) < 20_000


def test_a_run_that_is_repeated_says_so() -> None:
    assert where(Progress(attempt=2)).startswith("Run 2, since the one before broke down, step 1 of 5: starting")


def test_the_output_is_one_and_ends_as_the_result(notebook: Notebook) -> None:
    now = [0.0]
    with Live(True, clock=lambda: now[0]) as shown:
        assert notebook.versions == ["Step 1 of 5: starting the simulator · usually over in less than 15 s"]
        shown(Progress(seconds=0.1))  # too soon to be shown
        now[0] = 0.5
        shown(Progress(seconds=0.5))
        shown(AT_WORK)  # a new step is shown at once
        shown.finish(notice("The end."))
    assert notebook.displayed == 1
    assert len(notebook.versions) == 4
    assert notebook.versions[-1] == "The end."


def test_a_flood_of_log_lines_is_forgotten(notebook: Notebook) -> None:
    shown = Live(True)
    for _ in range(3):
        shown(Progress(Step.AT_WORK, new_lines=[line("x")] * 900))
    assert len(shown._lines) == 1000


def test_who_looks_at_nothing_else_gets_the_result_only(notebook: Notebook) -> None:
    with Live(True, quiet=True) as shown:
        shown(AT_WORK)
        shown.finish(notice("The end."))
    assert notebook.versions == ["The end."]


def test_a_run_that_was_stopped_does_not_look_as_if_it_went_on(notebook: Notebook) -> None:
    with pytest.raises(KeyboardInterrupt), Live(True) as shown:
        shown(AT_WORK)
        raise KeyboardInterrupt
    assert notebook.versions[-1].startswith("Stopped after 3.2 s, in step 3 of 5: the exercise runs\n")


def test_a_result_stays_whatever_comes_after_it(notebook: Notebook) -> None:
    with pytest.raises(KeyboardInterrupt), Live(True) as shown:
        shown.finish(notice("The end."))
        raise KeyboardInterrupt
    assert notebook.versions[-1] == "The end."


def test_a_terminal_gets_each_step_and_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Live(False) as shown:
        for lines in ([], [line("one")], [], [line("two")]):
            shown(Progress(Step.AT_WORK, 3.2, 44.0, lines, PARTIES))
        shown.finish(notice("The end."))
    assert capsys.readouterr().out.split("\n") == [
        "Step 1 of 5: starting the simulator · usually over in less than 15 s",
        "Step 3 of 5: the exercise runs · 3.2 s (usually less than 15, at most 44)",
        "  site-0: INFO P2PExecutor: one",
        "  site-0: INFO P2PExecutor: two",
        "The end.",
        "",
    ]


@pytest.mark.parametrize("shown", [view(AT_WORK, [line("x")]), notice("x"), rubric(partly_right()), summary(own_run())])
def test_every_front_end_can_show_it(shown: Shown) -> None:
    """VS Code and others have no widgets of ours: HTML without a script and plain text is all there is."""
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert not {"script", "link", "iframe", "object", "style"} & set(Page(bundle["text/html"]).tags)
