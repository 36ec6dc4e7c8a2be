"""Hints about sending: each is true of the mistake at hand, and names the line at fault."""

import importlib
from dataclasses import replace
from typing import Any

import pytest

from autograder.rubric import concepts, nearest
from autograder.rubric import sending as checks
from autograder.rubric.matchers import Text
from autograder.rubric.model import Check, RunEvidence
from autograder.simulator.network.faults import FaultKind
from autograder.simulator.parties.loading import Loading
from autograder.simulator.scenario import SERVER, Part
from tests.unit.rubric.evidence import STUDENT, judged, line, message, said, sending
from tests.unit.rubric.sent import ONCE, REACHES, RETURNS, RIGHT, SAYS, SEND, finding, log


def test_targets_are_shown_where_they_are_made() -> None:
    assert finding(REACHES, sending(RIGHT[0]), f'to = ["site-0"]\n{SEND}').where == 'L3: to = ["site-0"]'


@pytest.mark.parametrize("targets", ["None", '["server"]', "[]", '"@ALL"', "SiteType.ALL"])
def test_what_an_experiment_is_to_show_is_not_given_away(targets: str) -> None:
    only = finding(REACHES, sending(message(STUDENT, SERVER)), f"to = {targets}\n{SEND}")
    besides = finding(ONCE, sending(*RIGHT, message(STUDENT, SERVER)), f"to = {targets}\n{SEND}")

    assert (only.code, besides.code) == ("targets.only_server", "targets.server_too")
    for found in (only, besides):
        assert (found.idea, found.where) == (concepts.TARGETS, f"L3: to = {targets}")
        assert not found.data


def test_who_takes_itself_for_another_site_is_asked_where_the_name_is_from() -> None:
    found = finding(REACHES, sending(RIGHT[1], to_self={STUDENT: 1}), f'me = "site-0"\n{SEND}')

    assert (found.code, found.data["other"]) == ("targets.taken_for_another", ("site-0",))
    assert (found.idea, found.where) == (concepts.SAME_CODE, 'L3: me = "site-0"')


def test_what_is_sent_before_the_task_is_not_asked_for() -> None:
    early = tuple(replace(one, early=True) for one in RIGHT)
    nothing = finding(REACHES, sending(*early), SEND)
    besides = finding(ONCE, sending(*early, *RIGHT), SEND)

    assert nothing.code == besides.code == "sending.too_early"
    assert nothing.idea is concepts.TASK and nothing.where == f"L3: {SEND}"
    for check in (SAYS, RETURNS):
        assert finding(check, sending(*early), SEND).code == "sending.too_early"


def test_a_name_in_a_text_is_shown() -> None:
    run = sending(*(message(STUDENT, to, content=said("Hello from site-0")) for to in ("site-0", "site-2")))
    assert finding(SAYS, run, f'text = "Hello from site-0"\ndxo = DXO(text)\n{SEND}').where.startswith("L3: text = ")


def test_another_topic_is_seen_and_shown() -> None:
    run = sending(*(message(STUDENT, to, topic="Hello") for to in ("site-0", "site-2")))
    found = finding(REACHES, run, 'e.send_aux_request(\n    targets=to,\n    topic="Hello",\n)')

    assert (found.code, found.data) == ("topic.other", {"topics": ("'Hello'",), "wanted": "hello"})
    assert found.where == 'L5: topic="Hello",'


def test_what_is_inherited_is_asked_about_where_it_does_the_sending() -> None:
    body = "super().execute(task_name, shareable, fl_ctx, abort_signal)"
    missing = finding(REACHES, sending(RIGHT[0]), f"return {body}")
    twice = finding(ONCE, sending(*RIGHT, *RIGHT), f"{body}\n{SEND}")

    assert (missing.code, twice.code) == ("targets.inherited", "repeated.inherited")
    assert missing.where == f"L3: return {body}"
    assert "L3" in twice.where and "L4" in twice.where


def test_two_places_that_send_are_both_shown() -> None:
    found = finding(ONCE, sending(*RIGHT, *RIGHT), f"{SEND}\nfor other in to:\n    {SEND}")

    assert found.code == "repeated.several_calls"
    assert "L3" in found.where and "L5" in found.where


def test_a_dxo_as_the_request_is_called_that() -> None:
    error = (
        "Traceback (most recent call last):\n  File \"x\", line 1\nAttributeError: 'DXO' object has no attribute 'x'"
    )
    lines = (*log("Failed to send aux message hello")["lines"], *log(error)["lines"])

    assert finding(REACHES, sending(lines=lines), SEND).code == "request.dxo"


def test_a_process_that_ended_is_no_wait() -> None:
    run = sending(*RIGHT, code="", ended=frozenset({STUDENT}))
    found = finding(RETURNS, run, f"{SEND}\nos._exit(0)")

    assert found.code == "execute.ended"
    assert (found.idea, found.where, found.blocks) == (concepts.ENDING, "L4: os._exit(0)", True)


@pytest.mark.parametrize("check", [REACHES, RETURNS])
def test_a_process_that_has_used_up_its_cpu_time_gets_the_hint_of_one_that_is_still_at_it(check: Check) -> None:
    gone: dict[str, Any] = {"ended": frozenset({STUDENT}), "spent": frozenset({STUDENT})}
    at_it, spent = (
        finding(check, sending(code="", finished=False, **fields), f"while not self.ready:\n    pass\n{SEND}")
        for fields in ({}, gone)
    )

    assert spent == at_it
    assert spent.code == "execute.no_end" and spent.where == "L3: while not self.ready:"


def test_a_wait_is_shown() -> None:
    found = finding(RETURNS, sending(*RIGHT, code="", finished=False), f"{SEND}\nwhile not self.ready:\n    pass")

    assert found.code == "execute.no_end"
    assert found.where == "L4: while not self.ready:"


@pytest.mark.parametrize(
    ("kind", "body", "code", "data", "where"),
    [
        ("NoneType", SEND, "result.none", {}, f"L3: {SEND}"),
        ("dict", f"r = {SEND}\nreturn r", "result.no_shareable", {"site": STUDENT, "kind": "dict"}, "L4"),
    ],
)
def test_what_is_no_reply_is_named(kind: str, body: str, code: str, data: dict[str, str], where: str) -> None:
    told = log(f"bad result generated by executor Class: must be Shareable but got <class '{kind}'>")
    found = finding(RETURNS, sending(*RIGHT, code="EXECUTION_RESULT_ERROR", **told), body)

    assert (found.code, found.data) == (code, data) and found.where.startswith(where)


def test_of_several_returns_the_one_with_the_code_is_shown() -> None:
    body = f"if a:\n    {SEND}\n    return make_reply(ReturnCode.ERROR)\nreturn make_reply(ReturnCode.TASK_UNKNOWN)"
    found = finding(RETURNS, sending(*RIGHT, code="ERROR"), body)

    assert found.where == "L5: return make_reply(ReturnCode.ERROR)"


def test_the_stubs_last_line_is_known() -> None:
    told = log('Traceback (most recent call last):\n  File "/x/submission.py", line 4, in execute\nNotImplementedError')
    found = finding(RETURNS, sending(*RIGHT, code="EXECUTION_RESULT_ERROR", **told), f"{SEND}\nraise")

    assert (found.code, found.at) == ("execute.stub_left", 4)


def test_who_needs_a_package_is_told_which_ones_there_are() -> None:
    for error, code in (("ModuleNotFoundError", "load.no_package"), ("IndexError", "load.failed")):
        run = sending(ready=frozenset(), loading={STUDENT: Loading("failed", error, "No module named 'x'", 3)})
        found = finding(REACHES, run, "pass")

        assert (found.code, found.at, found.data["exception"]) == (code, 3, error)


def test_a_constructor_that_wants_arguments_is_told_in_our_words() -> None:
    error = "ValueError: Class m.Class has parameters error: TypeError: Class.__init__() missing 1 argument: 'a'."
    run = sending(ready=frozenset(), **log(error))
    found = finding(REACHES, run, "pass\ndef __init__(self, a):\n    pass".replace("pass\ndef", "pass\n\n    def"))

    assert (found.code, found.data["exception"]) == ("start.arguments", "TypeError")
    assert found.data["told"] == "TypeError: Class.__init__() missing 1 argument: 'a'"


FAILED = "Failed to send aux message hello"


def traceback(error: str, frame: str = "") -> str:
    return f"Traceback (most recent call last):\n{frame}{error}\n"


def nvflare(*texts: str, level: str = "ERROR") -> dict[str, Any]:
    """What NVFlare says in the log of the student's site."""
    return {"lines": tuple(line(STUDENT, text, level, origin="nvflare.x") for text in texts)}


@pytest.mark.parametrize("code", ["EXECUTION_EXCEPTION", "EXECUTION_RESULT_ERROR", "TASK_ABORTED", "ERROR"])
def test_a_code_that_execute_returned_is_not_told_as_an_exception(code: str) -> None:
    found = finding(RETURNS, sending(*RIGHT, code=code), f"{SEND}\nreturn make_reply(ReturnCode.{code})")

    assert (found.code, found.idea, found.where) == (
        "result.not_ok",
        concepts.RESULT,
        f"L4: return make_reply(ReturnCode.{code})",
    )


def test_an_exception_is_nvflares_word_whatever_the_function_is_called() -> None:
    said = nvflare("Processing error from executor Class: KeyError: 1", traceback("KeyError: 1"))
    found = finding(RETURNS, sending(*RIGHT, code="EXECUTION_EXCEPTION", **said), SEND)

    assert (found.code, found.data["told"]) == ("execute.raised", "KeyError: 1")


def test_an_exception_that_a_component_caught_and_logged_is_not_told_as_raised() -> None:
    text = traceback("KeyError: 1", '  File "/x/submission.py", line 4, in execute\n')
    found = finding(RETURNS, sending(*RIGHT, code="ERROR", lines=(line(STUDENT, text, "ERROR"),)), SEND)

    assert found.code == "result.not_ok"


@pytest.mark.parametrize(
    ("error", "code", "idea", "where"),
    [
        (
            "TypeError: '>' not supported between instances of 'NoneType' and 'int'",
            "timeout.no_number",
            concepts.TIMEOUT,
            "L4: timeout=None,",
        ),
        (
            "TypeError: '>' not supported between instances of 'str' and 'int'",
            "timeout.no_number",
            concepts.TIMEOUT,
            "L4: timeout=None,",
        ),
        ("AttributeError: 'str' object has no attribute 'set_header'", "request.no_shareable", concepts.CONTENT, "L3"),
        ("AttributeError: 'DXO' object has no attribute 'set_header'", "request.dxo", concepts.CONTENT, "L3"),
        ("AttributeError: 'NoneType' object has no attribute 'get_all_public_props'", "fl_ctx.none", None, "L3"),
        ("RuntimeError: something else", "request.not_sent", None, "L3"),
    ],
)
def test_why_nvflare_could_not_send_is_not_guessed(error: str, code: str, idea: concepts.Idea, where: str) -> None:
    body = "e.send_aux_request(\n    timeout=None,\n)"
    found = finding(REACHES, sending(**nvflare(FAILED, traceback(error))), body)

    assert found.code == code and found.idea is idea and found.where.startswith(where)


@pytest.mark.parametrize(
    ("body", "idea", "where"),
    [
        (f"try:\n    {SEND}\nexcept Exception:\n    pass", concepts.SWALLOWED, "L5: except Exception:"),
        ("try:\n    e.send_aux_mesage()\nexcept Exception:\n    pass", concepts.SWALLOWED, "L5: except Exception:"),
        (f"with suppress(Exception):\n    {SEND}", concepts.SWALLOWED, "L3: with suppress(Exception):"),
        (f"def send():\n    {SEND}\nTimer(1.0, send).start()", concepts.LATER, "L5: Timer(1.0, send).start()"),
        (f"Thread(target=lambda: {SEND}).start()", concepts.LATER, "L3: Thread("),
        ("Timer(1, e.send_aux_request, [to])", concepts.LATER, "L3: Timer("),
        (f"async def send():\n    {SEND}\nsend()", concepts.AWAITED, "L3: async def send():"),
    ],
)
@pytest.mark.parametrize("guard", ["", 'if task_name != "talk":\n    return make_reply(X)\n'])
def test_of_a_call_that_does_nothing_the_task_is_not_asked_about(
    guard: str, body: str, idea: concepts.Idea, where: str
) -> None:
    found = finding(REACHES, sending(), body + "\n" + guard)

    assert found.code != "sending.other_task"
    assert found.idea is idea and found.where.startswith(where)


@pytest.mark.parametrize(
    "body",
    [
        f"try:\n    {SEND}\nexcept Exception as error:\n    self.log_error(fl_ctx, str(error))",
        f"try:\n    {SEND}\nexcept Exception:\n    raise",
        f"async def send():\n    {SEND}\nasyncio.run(send())",
    ],
)
def test_what_is_right_is_not_blamed(body: str) -> None:
    assert finding(REACHES, sending(), body).idea not in (concepts.SWALLOWED, concepts.AWAITED)


def test_a_name_that_is_nearly_right_is_shown() -> None:
    found = finding(REACHES, sending(), "if ready:\n    e.send_aux_mesage()")

    assert (found.code, found.data["called"]) == ("sending.mistyped", "send_aux_mesage")
    assert (found.idea, found.where) == (concepts.ENGINE, "L4: e.send_aux_mesage()")


@pytest.mark.parametrize("task", ["talk", "begin"])
def test_a_comparison_with_the_task_that_came_is_not_blamed(task: str) -> None:
    got = nvflare(f"got task assignment: name={task}, id=1", level="INFO")
    run = sending(**got)
    run = replace(run, evidence=replace(run.evidence, results=(replace(run.evidence.results[0], task=task),)))
    right = finding(REACHES, run, f'if task_name == "{task}":\n    {SEND}')
    wrong = finding(REACHES, run, f'if task_name == "hello":\n    {SEND}')

    assert (right.code, right.data["tasks"]) == ("sending.not_reached", f"'{task}'") and right.where.startswith("L4: ")
    assert wrong.code == "sending.other_task" and wrong.where == 'L3: if task_name == "hello":'


def test_an_execute_that_nobody_awaits_is_called_that() -> None:
    told = nvflare("bad result generated by executor Class: must be Shareable but got <class 'coroutine'>")
    run = sending(code="EXECUTION_RESULT_ERROR", **told)
    part = Part("module", "Class", {"module": f"class Class:\n    async def execute(self, a, b):\n        {SEND}\n"})
    run = replace(run, scenario=replace(run.scenario, executors={**run.scenario.executors, STUDENT: part}))

    for check in (REACHES, RETURNS):
        found = judged(check, run)
        assert found.idea is concepts.AWAITED and found.code == "execute.async" and found.blocks


def test_who_has_not_returned_in_time_is_not_asked_about_the_task() -> None:
    found = finding(REACHES, sending(code=""), f'time.sleep(16)\nif task_name == "talk":\n    {SEND}')

    assert (found.idea, found.where) == (concepts.WAITING, "L3: time.sleep(16)")


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (
            "AttributeError: 'SimulatorClientRunManager' object has no attribute 'send_aux_mesage'",
            {"meant": "send_aux_request"},
        ),
        ("AttributeError: 'FLContext' object has no attribute 'get_identity'", {"meant": "get_identity_name"}),
        ("AttributeError: 'DXO' object has no attribute 'toshareable'", {"meant": "to_shareable"}),
        ("AttributeError: 'Class' object has no attribute 'loginfo'", {"meant": "log_info"}),
        ("AttributeError: 'Class' object has no attribute 'send_aux_mesage'", {"meant_of_engine": "send_aux_request"}),
        ("AttributeError: type object 'DataKind' has no attribute 'APP_DEFIND'", {"meant": "APP_DEFINED"}),
        ("AttributeError: 'SimulatorClientRunManager' object has no attribute 'frobnicate'", {}),
        ("AttributeError: 'dict' object has no attribute 'loginfo'", {}),
        ("AttributeError: 'NoneType' object has no attribute 'loginfo'", {}),
        ("KeyError: 'loginfo'", {}),
    ],
)
def test_a_mistyped_name_gets_the_nearest_one(error: str, meant: dict[str, str]) -> None:
    text = traceback(error, '  File "/x/submission.py", line 3, in execute\n')
    found = finding(REACHES, sending(code="EXECUTION_EXCEPTION", **nvflare(text)), "e.send_aux_mesage()")

    assert found.data == {"exception": error.partition(":")[0], "told": error, **meant}


@pytest.mark.parametrize("error", ["MemoryError", "RuntimeError: can't start new thread"])
def test_memory_that_was_short_before_the_students_code_is_not_the_students(error: str) -> None:
    short = (line(SERVER, traceback(error), "ERROR", origin="nvflare.x"),)
    for run in (sending(code="", lines=short), sending(ready=frozenset(), code="", lines=short)):
        for check in (REACHES, RETURNS):
            found = finding(check, run, SEND)
            assert found.code == "memory.short" and not found.where

    own = (line(STUDENT, traceback(error), "ERROR", origin="nvflare.x"),)
    assert finding(REACHES, sending(code="", lines=own), SEND).code != "memory.short"


def test_the_classes_of_which_names_are_asked_for_are_there() -> None:
    for name, module in nearest._WHERE.items():
        assert isinstance(getattr(importlib.import_module(module), name), type)


def several(run: RunEvidence, times: tuple[int, int]) -> RunEvidence:
    """The run, where each message is to be sent so often."""
    expected = tuple(replace(one, times=times) for one in run.scenario.expected_in(run.evidence))
    return replace(run, scenario=replace(run.scenario, expected=expected))


def test_who_sends_too_seldom_is_asked_about_that_and_not_about_targets() -> None:
    found = finding(checks.as_expected("e", "E", 1), several(sending(*RIGHT), (2, 3)), SEND)

    assert (found.code, found.data["receivers"]) == ("sending.too_few", ("site-0", "site-2"))


@pytest.mark.parametrize("fault", [FaultKind.DROP, FaultKind.LOSE_REPLY])
def test_who_does_not_send_again_what_the_network_lost_is_told_of_that(fault: FaultKind) -> None:
    run = several(sending(*RIGHT), (2, 3))
    hit = tuple(replace(m, fate=(fault,)) if m.receiver == "site-2" else m for m in run.evidence.messages)
    found = finding(checks.as_expected("e", "E", 1), replace(run, evidence=replace(run.evidence, messages=hit)), SEND)

    assert (found.code, found.data["receivers"]) == ("sending.lost", ("site-2",))


def test_what_the_network_lost_of_one_item_does_not_explain_why_another_one_was_not_sent() -> None:
    run = sending(*RIGHT)
    lost = tuple(replace(m, fate=(FaultKind.DROP,)) if m.receiver == "site-2" else m for m in run.evidence.messages)
    others = tuple(
        replace(one, content=Text("message", "Something else"), key={"message": "Something else"})
        for one in run.scenario.expected_in(run.evidence)
    )
    expected = tuple(
        replace(one, key={"message": f"Hello from {one.sender}"}) for one in run.scenario.expected_in(run.evidence)
    )
    both = replace(run.scenario, expected=(*expected, *others))
    found = finding(checks.as_expected("e", "E", 1), RunEvidence(both, replace(run.evidence, messages=lost)), SEND)

    assert (found.code, found.data["receivers"]) == ("sending.too_few", ("site-0", "site-2"))


def test_who_is_to_send_several_times_is_not_told_that_one_is_enough() -> None:
    often = sending(*RIGHT, *RIGHT, RIGHT[0])
    check = checks.no_others("e", "E", 1)

    assert finding(check, several(often, (2, 2)), SEND).code == "repeated.beyond"
    assert finding(check, often, SEND).code == "repeated.loop"
