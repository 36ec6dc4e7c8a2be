"""Of a traceback a student sees what is theirs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.report import html, text
from autograder.report.model import LoggedLine, RunSummary
from autograder.report.places import Place
from autograder.report.tracebacks import apart, frames_of, trimmed
from tests.tools.cpu_time import grows_like_its_input

FRAMEWORK = """\
  File "/somewhere/nvflare/private/aux_runner.py", line 135, in _process_request
    reply = handler_f(topic=topic, request=request, fl_ctx=fl_ctx)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"""
OWN = """\
  File "/grading/run/job/app_site-0/custom/submission.py", line 75, in on_hello
    message = from_shareable(request).data["msg"]
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~^^^^^^^
"""
BEGIN = "Traceback (most recent call last):\n"
TEXT = f"{BEGIN}{FRAMEWORK}{OWN}KeyError: 'msg'\n"


def logged(text: str, locate: Callable[[int], Place | None] | None = None) -> LoggedLine:
    """A line of a site's log, as it is taken down; without its places, as while a run goes on."""
    return LoggedLine("site-0", "ERROR", "AuxRunner", text, frames_of(text, locate) if locate else ())


LINE = logged(TEXT)


def test_only_the_students_frames_are_left() -> None:
    assert (
        trimmed(LINE)
        == f"{BEGIN}  in your on_hello:\n    message = from_shareable(request).data[\"msg\"]\nKeyError: 'msg'"
    )


def test_all_lines_of_an_exception_are_left() -> None:
    line = f"{BEGIN}{OWN}{FRAMEWORK}ValueError: one\n    two\nthree"
    assert trimmed(logged(line)).endswith("ValueError: one\n    two\nthree")


def test_of_a_traceback_of_others_the_exception_is_left() -> None:
    again = f"{BEGIN}{FRAMEWORK}KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n"
    line = f"{again}Traceback (most recent call last):\n{FRAMEWORK}ValueError: 'msg'\n"
    assert trimmed(logged(line)) == "ValueError: 'msg'"
    cut_off = f"{again}Traceback (most recent call last):\n{FRAMEWORK[:30]}"
    assert trimmed(logged(cut_off)) == "KeyError: 1"
    assert trimmed(logged(f"{BEGIN}{FRAMEWORK}")) == f"{BEGIN}{FRAMEWORK}", "there is nothing else to be told"


def test_what_is_no_traceback_stays_as_it_is() -> None:
    for line in ("Traceback", "", "/submission.py"):
        assert trimmed(logged(line)) == line


def test_tracebacks_are_set_apart_and_told_once() -> None:
    raised, others = apart([logged("a"), LINE, logged("b"), LINE])
    assert others == ["site-0: ERROR AuxRunner: a", "site-0: ERROR AuxRunner: b"]
    assert raised == [
        "at site-0\n  in your on_hello:\n    message = from_shareable(request).data[\"msg\"]\nKeyError: 'msg'"
    ]


def test_what_was_raised_at_several_sites_is_told_once() -> None:
    raised, others = apart([LINE, replace(LINE, site="site-1")])
    assert others == []
    assert [row.partition("\n")[0] for row in raised] == ["at site-0 and site-1"]


def test_both_forms_of_a_run_show_them() -> None:
    run = RunSummary("receive", ("site-0",), 0, 1.0, 1, "settled", (), (LINE,))
    for shown in (html.run(run), text.run(run)):
        assert "What your code raised" in shown
        assert "in your on_hello" in shown
        assert "aux_runner" not in shown


def test_a_frame_says_where_it_is_in_the_notebook() -> None:
    told = trimmed(logged(TEXT, lambda line: Place("handle_event", line - 66)))
    assert "  in your on_hello (line 9 of your cell `handle_event`):\n    message = " in told
    assert "aux_runner" not in told


def test_a_frame_of_the_model_answer_is_shown_to_nobody() -> None:
    inner = OWN.replace("75", "80").replace("message", "secret")
    told = trimmed(logged(f"{BEGIN}{OWN}{inner}KeyError: 'msg'", lambda line: None if line == 80 else Place("x", 1)))
    assert "secret" not in told
    assert "in your on_hello (line 1 of your cell `x`)" in told
    assert "secret" not in trimmed(logged(f"{BEGIN}{inner}KeyError: 'msg'", lambda _: None))


@pytest.mark.parametrize(("begin", "again"), [('  File "', '", line 1 ('), ('  File "a", line ', "9")])
def test_a_line_that_is_made_to_take_long_does_not(begin: str, again: str) -> None:
    def trim(times: int) -> None:
        told = trimmed(logged(f"{BEGIN}{begin}{again * times}\n{OWN}", lambda line: Place("x", line)))
        assert told.startswith(BEGIN)

    assert grows_like_its_input(trim, 50_000)
