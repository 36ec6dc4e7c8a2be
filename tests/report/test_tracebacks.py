"""Of a traceback a student sees what is theirs."""

import pytest

from autograder.report import html, text
from autograder.report.model import RunSummary
from autograder.report.tracebacks import apart, located, trimmed
from tests.cpu_time import grows_like_its_input

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
BEGIN = "site-0: ERROR AuxRunner: Traceback (most recent call last):\n"
LINE = f"{BEGIN}{FRAMEWORK}{OWN}KeyError: 'msg'\n"


def test_only_the_students_frames_are_left():
    assert (
        trimmed(LINE)
        == f"{BEGIN}  in your on_hello:\n    message = from_shareable(request).data[\"msg\"]\nKeyError: 'msg'"
    )


def test_all_lines_of_an_exception_are_left():
    line = f"{BEGIN}{OWN}{FRAMEWORK}ValueError: one\n    two\nthree"
    assert trimmed(line).endswith("ValueError: one\n    two\nthree")


def test_of_a_traceback_of_others_the_exception_is_left():
    again = f"{BEGIN}{FRAMEWORK}KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n"
    line = f"{again}Traceback (most recent call last):\n{FRAMEWORK}ValueError: 'msg'\n"
    assert trimmed(line) == "site-0: ERROR AuxRunner: ValueError: 'msg'"
    cut_off = f"{again}Traceback (most recent call last):\n{FRAMEWORK[:30]}"
    assert trimmed(cut_off) == "site-0: ERROR AuxRunner: KeyError: 1"
    assert trimmed(f"{BEGIN}{FRAMEWORK}") == f"{BEGIN}{FRAMEWORK}", "there is nothing else to be told"


def test_what_is_no_traceback_stays_as_it_is():
    for line in ("site-0: INFO X: Traceback", "", "/submission.py"):
        assert trimmed(line) == line


def test_tracebacks_are_set_apart_and_told_once():
    raised, others = apart(["a", LINE, "b", LINE])
    assert others == ["a", "b"]
    assert raised == [
        "at site-0\n  in your on_hello:\n    message = from_shareable(request).data[\"msg\"]\nKeyError: 'msg'"
    ]


def test_what_was_raised_at_several_sites_is_told_once():
    raised, others = apart([LINE, LINE.replace("site-0: ", "site-1: ")])
    assert others == []
    assert [row.partition("\n")[0] for row in raised] == ["at site-0 and site-1"]


def test_both_forms_of_a_run_show_them():
    run = RunSummary("receive", ("site-0",), 0, 1.0, 1, "settled", (), (LINE,))
    for shown in (html.run(run), text.run(run)):
        assert "What your code raised" in shown
        assert "in your on_hello" in shown
        assert "aux_runner" not in shown


def test_a_frame_says_where_it_is_in_the_notebook():
    told = located(LINE, lambda line: f"line {line - 66} of your cell `handle_event`")
    assert "  in your on_hello (line 9 of your cell `handle_event`):\n    message = " in trimmed(told)
    assert "aux_runner" not in trimmed(told)


def test_a_frame_of_the_model_answer_is_shown_to_nobody():
    inner = OWN.replace("75", "80").replace("message", "secret")
    told = located(f"{BEGIN}{OWN}{inner}KeyError: 'msg'", lambda line: "" if line == 80 else "line 1 of your cell `x`")
    assert "secret" not in trimmed(told)
    assert "in your on_hello (line 1 of your cell `x`)" in trimmed(told)
    assert "secret" not in trimmed(located(f"{BEGIN}{inner}KeyError: 'msg'", lambda _: ""))


@pytest.mark.parametrize(("begin", "again"), [('  File "', '", line 1 ('), ('  File "a", line ', "9")])
def test_a_line_that_is_made_to_take_long_does_not(begin, again):
    def trim(times: int) -> None:
        assert trimmed(located(f"{BEGIN}{begin}{again * times}\n{OWN}", str)).startswith(BEGIN)

    assert grows_like_its_input(trim, 50_000)
