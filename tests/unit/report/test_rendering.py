"""Reports as text and as HTML: complete for a reader, harmless whatever a student wrote."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.report import html, text, words
from autograder.report.html_filter import clean_html
from autograder.report.model import CONTROLLER_FAILED, Delivery, ExerciseReport, LoggedLine, RunSummary, Verdict
from autograder.report.reasons import Reason
from autograder.report.sanitize import columns, cut, pad, visible, wrap
from autograder.report.tracebacks import row
from autograder.simulator.run import End
from tests.unit.report import rendered

EXERCISE = rendered.partly_right()
HOSTILE = rendered.hostile()


class Page(HTMLParser):
    """Takes down tags, attributes and text, and fails on tags that do not match."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def fragments() -> list[str]:
    return [
        html.exercise(EXERCISE),
        html.exercise(HOSTILE),
        html.run(rendered.own_run()),
        html.run(HOSTILE.runs[0]),
        html.notice(rendered.HOSTILE),
        html.log([rendered.HOSTILE]),
    ]


@pytest.mark.parametrize("page", fragments())
def test_html_is_balanced_and_holds_nothing_that_runs_or_fetches(page: str) -> None:
    found = Page(page)
    tables = {"table", "thead", "tbody", "tr", "th", "td"}
    assert set(found.tags) <= tables | {
        "div",
        "span",
        "strong",
        "code",
        "ol",
        "li",
        "pre",
        "br",
        "img",
        "details",
        "summary",
    }
    for_screen_readers = {"role", "aria-level", "aria-label", "tabindex", "alt"}
    assert {name for name, _ in found.attributes} <= {"style", "scope", "src"} | for_screen_readers
    assert all(value.startswith("data:image/svg+xml;base64,") for name, value in found.attributes if name == "src")
    assert "url(" not in page


@pytest.mark.parametrize("page", fragments())
def test_the_filter_for_feedback_pages_changes_nothing_of_it(page: str) -> None:
    cleaned = Page(clean_html(page))
    assert cleaned.text == Page(page).text
    assert cleaned.tags == Page(page).tags
    assert len(cleaned.attributes) == len(Page(page).attributes)


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<img src="//else.where/pixel.png">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<p style="position: fixed; top: 0">x</p>',
        "<svg onload=alert(1)>",
        "<iframe src=x></iframe>",
        "<style>* {display: none}</style>",
    ],
)
def test_the_filter_for_feedback_pages_stops_harm(harm: str) -> None:
    cleaned = Page(clean_html(harm))
    assert not set(cleaned.tags) & {"script", "svg", "iframe", "style"}
    assert all((name == "style" and not value) or name == "alt" for name, value in cleaned.attributes)


def test_the_filter_says_of_an_image_without_a_description_that_it_has_none() -> None:
    assert clean_html('<img src="x">') == '<img alt="an image without a description">'
    assert clean_html('<img src="x" alt="">') == '<img alt="">'


def test_the_filter_keeps_what_markdown_makes() -> None:
    page = (
        '<h1 id="a">x</h1><table><thead><tr><th>y</th></tr></thead></table><img src="data:image/png;base64,AA" alt="z">'
    )
    assert clean_html(page) == page
    assert clean_html(page.encode()) == page


@pytest.mark.parametrize("shown", [*fragments(), text.exercise(HOSTILE), text.run(HOSTILE.runs[0])])
def test_nothing_hidden_is_left(shown: str) -> None:
    assert not {"\x1b", "\x00", "\u202e", "\u202c", "\ud800", "\r", "\t"} & set(shown)
    shown.encode("utf-8")


@pytest.mark.parametrize("width", [60, 80, 100])
def test_text_keeps_to_its_width(width: int) -> None:
    for report in (EXERCISE, HOSTILE):
        lines = text.exercise(report, width) + "\n" + text.run(report.runs[0], width)
        assert max(columns(line) for line in lines.splitlines()) <= width


@pytest.mark.parametrize("shown", [text.exercise(EXERCISE, 200), Page(html.exercise(EXERCISE)).text])
def test_a_rubric_says_all_of_each_check(shown: str) -> None:
    for check in EXERCISE.checks:
        for part in (check.title, check.expected, check.seen, check.hint, words.mark(check.verdict).split()[0]):
            assert part in shown
    assert "2 of 4" in shown
    assert EXERCISE.notes[0] in shown


@pytest.mark.parametrize("shown", [text.run(rendered.own_run()), Page(html.run(rendered.own_run())).text])
def test_a_run_says_who_received_what(shown: str) -> None:
    for part in ("never came", "reply HANDLER_EXCEPTION", "the handler at site-0 raised", "“Hello from site-1” × 2"):
        assert part.lower() in shown.lower()
    assert row(rendered.own_run().log_lines[0]) in shown


def test_the_table_of_a_run_has_a_sign_and_words_in_each_cell() -> None:
    shown = Page(html.run(rendered.own_run())).text
    for part in ("✓ logged", "✗ never came", "! HANDLER_EXCEPTION", "2 × TOPIC_UNKNOWN"):
        assert part in shown


def test_a_narrow_terminal_gets_a_list_in_place_of_the_picture() -> None:
    shown = text.run(rendered.own_run(), 40)
    for part in ("✓ logged: site-0 to site-1", "! HANDLER_EXCEPTION", "the handler at site-0 raised"):
        assert part in shown.replace("\n      ", " ")


def test_the_picture_has_an_alternative_in_words() -> None:
    (alternative,) = (value for name, value in Page(html.run(rendered.own_run())).attributes if name == "alt")
    assert alternative == (
        "Sequence diagram: messages between site-0, site-1, site-2 and server. Messages: 4 as it should be, "
        "1 sent, but not all right, 1 never came, 2 not asked for. Your code ran as site-1. The same in words follows."
    )


def test_what_to_try_next_comes_first() -> None:
    for shown in (text.exercise(EXERCISE, 200), Page(html.exercise(EXERCISE)).text):
        assert shown.index("Your targets leave out site-2") < shown.index(EXERCISE.checks[0].title)
        assert words.first_to_mend(EXERCISE) == EXERCISE.checks[0]


def test_the_table_is_marked_up_for_screen_readers() -> None:
    page = Page(html.run(rendered.own_run()))
    assert page.attributes.count(("scope", "col")) == 5  # the corner, three sites, the server
    assert page.attributes.count(("scope", "row")) == 3


def test_infrastructure_trouble_is_not_held_against_the_student() -> None:
    report = ExerciseReport("execute", "1 Send", "test_execute", Verdict.INFRASTRUCTURE, ())
    for shown in (text.exercise(report), Page(html.exercise(report)).text):
        assert "– not judged" in shown
        assert "not your code's fault" in shown.replace("\n          ", " ")


def test_what_holds_for_all_checks_is_said_once() -> None:
    checks = tuple(
        rendered.check(name, 0, 1, title=name, expected=f"to see {name}", seen="a syntax error", hint="Look at line 3.")
        for name in ("one", "two")
    )
    report = ExerciseReport("execute", "1 Send", "test_execute", Verdict.NOT_PASSED, checks)
    for shown in (text.exercise(report), Page(html.exercise(report)).text):
        assert (shown.count("a syntax error"), shown.count("Look at line 3."), shown.count("to see ")) == (1, 1, 2)


def test_a_hint_is_written_out_once() -> None:
    checks = [rendered.check(name, 0, 1, seen=name, hint="Look at line 3.") for name in ("one", "two")]
    report = ExerciseReport("execute", "1 Send", "test_execute", Verdict.NOT_PASSED, tuple(checks))
    for shown in (text.exercise(report), Page(html.exercise(report)).text):
        assert (shown.count("Look at line 3."), shown.count("as above")) == (1, 2)


def test_what_is_wrong_in_the_same_way_is_said_in_one_sentence() -> None:
    deliveries = tuple(
        Delivery("site-0", f"site-{n}", "hello", "x", False, True, reasons=(Reason("unsent"),)) for n in (1, 2)
    )
    run = RunSummary("own", ("site-0",), 0, 1.0, 1, "settled", deliveries)
    assert words.remarks(run) == ["✗ hello, not sent: site-0 to site-1, site-0 to site-2"]
    assert text.run(run).startswith("Run · your code ran as site-0")


def test_what_was_sent_too_often_is_not_as_it_should_be() -> None:
    twice = Delivery("site-0", "site-1", "hello", "x", True, True, "OK", "x", count=2)
    assert not words.is_good(twice)
    assert words.state(twice) == "! 2 × logged"
    run = RunSummary("own", ("site-0",), 0, 1.0, 1, "settled", (twice,))
    assert words.remarks(run) == ['! hello, sent 2 times in place of once (reply: OK): site-0 to site-1 "x"']


def test_a_run_without_messages_says_so() -> None:
    run = RunSummary("send", (), 0, 1.0, 1, "deadline")
    assert "No message was seen." in text.run(run)
    assert "No message was seen." in html.run(run)


def test_a_run_says_of_the_readers_code_that_it_is_theirs() -> None:
    run = RunSummary("send", ("site-0",), 0, 1.0, 1, "student_ended")
    assert words.run_title(run) == "Run send · your code ran as site-0 · 1 s · a process with your code ended"
    lost = Delivery("site-0", "site-1", "news", "", sent=True, expected=True, faults=("drop",))
    assert words.run_title(replace(run, seed=7, deliveries=(lost,))).endswith("ended · faults from the seed 7")


def test_a_log_line_with_a_traceback_takes_several_rows() -> None:
    said = ("Traceback\n  File", *["more"] * 200)
    lines = tuple(LoggedLine("site-0", "ERROR", "X", one) for one in said)
    run = RunSummary("send", (), 0, 1.0, 1, "settled", (), lines)
    assert "  site-0: ERROR X: Traceback\n    File\n" in text.run(run)
    assert "… and 102 more" in html.run(run)


def test_visible_spells_out_what_hides() -> None:
    assert visible("a\x1b[0m\u200b\xa0b") == "a\\x1b[0m\\u200b\\xa0b"
    assert visible("naïve 日本 ✓ e\u0301") == "naïve 日本 ✓ e\u0301"
    assert visible("abc", limit=2) == "ab… (1 more characters)"


def test_wide_characters_count_as_two_columns() -> None:
    assert columns("日本e\u0301") == 5
    assert cut("日本語", 5) == "日本…"
    assert pad("日", 4) == "日  "
    assert wrap("日本語 abc", 6) == ["日本語", "abc"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("", 3) == [""]


def test_a_run_in_which_something_is_not_right_comes_first() -> None:
    odd = rendered.own_run()
    good = RunSummary("good", ("site-1",), 7, 1.0, 1, "settled", odd.deliveries[:1])
    assert words.telling_first([good, odd]) == [odd, good]
    assert words.telling_first([odd, good]) == [odd, good]


def test_there_are_words_for_each_way_in_which_a_run_can_end() -> None:
    assert {end.name.lower() for end in End} | {CONTROLLER_FAILED} == words.ENDINGS.keys()
