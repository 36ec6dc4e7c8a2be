"""Hints where nothing was sent: each names what the run shows of the reason."""

from autograder.rubric import concepts
from autograder.rubric import sending as checks
from tests.unit.rubric.evidence import STUDENT, line, sending
from tests.unit.rubric.sent import REACHES, SEND, finding


def test_who_never_sends_is_told_so_and_not_of_the_task() -> None:
    found = finding(REACHES, sending(), 'print("Hello")')

    assert (found.code, found.idea, found.where) == ("sending.nowhere", concepts.SENDING, 'L3: print("Hello")')


def test_who_never_sends_is_told_the_same_where_several_messages_are_asked_for() -> None:
    found = finding(checks.as_expected("e", "E", 1), sending(), 'print("Hello")')

    assert (found.code, found.idea, found.where) == ("sending.nowhere", concepts.SENDING, 'L3: print("Hello")')


def test_who_waits_for_another_task_sees_the_comparison() -> None:
    found = finding(REACHES, sending(), f'if task_name == "hello":\n    {SEND}')

    assert found.code == "sending.other_task"
    assert (found.idea, found.where) == (concepts.TASK, 'L3: if task_name == "hello":')


def test_an_exception_that_was_caught_and_logged_is_named() -> None:
    body = f"try:\n    DXO()\n    {SEND}\nexcept Exception as e:\n    self.log_exception(fl_ctx, str(e))"
    error = "TypeError: DXO.__init__() missing 1 required positional argument"
    traceback = f'Traceback (most recent call last):\n  File "/x/submission.py", line 4, in execute\n{error}\n'
    with_traceback = (line(STUDENT, "failed", "ERROR"), line(STUDENT, traceback, "ERROR"))

    found = finding(REACHES, sending(lines=with_traceback), body)
    without = finding(REACHES, sending(lines=with_traceback[:1]), body)

    assert (found.code, found.data["told"], found.at) == ("sending.logged_error", error, 4)
    assert (without.code, without.data["told"]) == ("sending.logged_error", "failed")
