"""Reports to render: a plain one, and one full of text that wants to do harm."""

from collections.abc import Sequence
from typing import Any

from autograder.report.model import (
    CheckResult,
    Delivery,
    ExerciseReport,
    Frame,
    LoggedLine,
    NotebookProblem,
    Report,
    RunSummary,
    Verdict,
)
from autograder.report.places import Place
from autograder.report.reasons import Reason

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'></td></table></div> "
    "\x1b[31mred\x1b[0m \x00 \u202eevil\u202c line\nend\r\ttab \ud800 e"
    + "\u0301" * 30
    + " [bold]markup[/bold] {{ 7*7 }} &amp; =cmd|' /C calc'!A0"
)


def check(name: str, earned: float, of: float, **more: Any) -> CheckResult:
    """A check, passed when it has all its points."""
    verdict = Verdict.PASSED if earned == of else Verdict.NOT_PASSED
    given = {"title": "A hello from your site reaches every other client.", "expected": "hellos", "seen": "hellos"}
    return CheckResult(name=name, points=earned, max_points=of, verdict=verdict, **{**given, **more})


def partly_right() -> ExerciseReport:
    """An exercise with some points, as a student may see it."""
    checks = (
        check(
            "every_other_client",
            0,
            1,
            expected="site-1 sends hello to site-0 and site-2",
            seen="site-1 sent hello to site-0 only",
            hint="Your targets leave out site-2. Which names does engine.get_clients() give? See “Sending”.",
            code="targets.leave_out",
            data={"site": "site-1", "receivers": ("site-2",), "count": 1},
            places=(Place("execute", 3, code="targets = names[:1]"), Place("def names", 2, own=True)),
        ),
        check("once_each", 1, 1, title="Each other client gets it once, and nobody else.", seen="one hello each"),
        check(
            "message",
            1,
            1,
            title="The message is “Hello from” and your site's name, in an APP_DEFINED DXO.",
            expected="Hello from site-1",
            seen="Hello from site-1",
        ),
        check(
            "returns_ok",
            0,
            1,
            title="execute returns an OK reply.",
            expected="OK",
            seen="None",
            hint="execute has to return a Shareable: make_reply(ReturnCode.OK).",
        ),
    )
    return ExerciseReport(
        "execute", "1 Send", "test_execute", Verdict.NOT_PASSED, checks, (own_run(),), ("Your imports are fine.",)
    )


def own_run() -> RunSummary:
    """A run of three sites, with one message missing, one too many and one refused."""
    sites = ("site-0", "site-1", "site-2")
    good = [
        Delivery(a, b, "hello", f"Hello from {a}", True, True, "OK", f"Received message from {a}: Hello from {a}")
        for a in sites
        for b in sites
        if a != b and (a, b) not in {("site-1", "site-2"), ("site-2", "site-0")}
    ]
    odd = [
        Delivery("site-1", "site-2", "hello", "", False, True),
        Delivery(
            "site-2",
            "site-0",
            "hello",
            "Hello from site-2",
            True,
            True,
            "HANDLER_EXCEPTION",
            reasons=(Reason("own", {"said": "the handler at site-0 raised"}),),
        ),
        Delivery("site-1", "server", "hello", "Hello from site-1", True, False, "TOPIC_UNKNOWN", count=2),
    ]
    said = "Received message from site-0: Hello from site-0"
    lines = tuple(LoggedLine(site, "INFO", "P2PExecutor", said) for site in sites[1:])
    return RunSummary("send", ("site-1",), 7, 3.256, 2, "settled", (*good, *odd), lines)


def hostile() -> ExerciseReport:
    """Every text that a student can have a hand in is hostile, and long."""
    text = HOSTILE + "A" * 5000
    delivery = Delivery(text, text, text, text, True, False, text, text, 3, (Reason("own", {"said": text}),))
    line = LoggedLine(text, text, text, text, (Frame(1, Place(text, 1, code=text)), Frame(2, None)))
    run = RunSummary(text, (text,), 0, 1.0, 1, text, (delivery, own_run().deliveries[0]), (line,) * 150)
    told = {"code": text, "data": {"a": text}, "places": (Place(text, 1, own=True, code=text),)}
    checks = (check("a", 0, 1, title=text, expected=text, seen=text, hint=text, **told),)
    return ExerciseReport("execute", text, "test_execute", Verdict.NOT_PASSED, checks, (run,), (text,))


def report(
    *exercises: ExerciseReport, verdict: Verdict = Verdict.NOT_PASSED, problems: Sequence[str] = (), **more: Any
) -> Report:
    """The report of a submission with these exercises, and with problems that say this."""
    given: dict[str, Any] = {"isolation": "sandbox", "versions": {"nvflare": "2.9.0", "autograder": "0.1.0"}}
    given["problems"] = tuple(NotebookProblem("a.code", said) for said in problems)
    return Report("p2p_communication", "abc", verdict, exercises, **{**given, **more})
