"""The checks of exercise 3: who is pinged, who answers, and who is said to be alive.

The replies tell a site who is alive. A slow one has to be waited for, for a third of the deadline. If it takes longer,
as anything may on a busy machine, its sender may be called alive or not. For how long a site was ready to wait, a peer
that never answers shows, and the same on any machine.
"""

from collections.abc import Iterator, Sequence

from autograder.assignments.reliable_messaging import ideas
from autograder.assignments.reliable_messaging.roll_calls import ALIVE, RollCall, of_students, roll_calls
from autograder.assignments.reliable_messaging.scenarios import ANNOUNCE, MOST_PINGS, NEWS, PING, others_of
from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, diagnosis, receive_diagnostics, send_diagnostics, sending
from autograder.rubric.code import Places
from autograder.rubric.credit import handles_by_stand_in
from autograder.rubric.hints import failed, of_exception, passed
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import SENDS
from autograder.rubric.receipts import Receipt
from autograder.rubric.send_diagnostics import listed
from autograder.simulator.network.faults import Fate

_MUCH_TOO_LATE = 3
"""So many deadlines after its first ping a site is late, with an answer each that takes as long as any in the run."""
_WHOLE = 1.03
"""Who is ready to wait for more than this part of the deadline cannot return before it; timeouts are often rounded."""
_ALL_OF_IT = 0.999
"""Nor can sites of which each waits for this part of it; parts are added up a little inexactly."""
_LOGS = ("log_info", "info", "log_warning", "warning")


def pings(name: str, title: str, points: float) -> Check:
    """Pass when every other client got an empty ping, three at most, and nobody else got any."""
    every = sending.as_expected(name, title, points)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = every.judge([of_students(run) for run in played])
        if not found.passed:
            return found
        expected = f"a ping to every other client, {MOST_PINGS} at most"
        for one in roll_calls(played):
            own = of_students(one.run)
            reached = {message.receiver for message in send_diagnostics.sent(own, one.site)}
            if one.site in reached or one.site in own.evidence.to_self:
                return failed(expected, f"{one.site} also sent to itself", send_diagnostics.to_itself(own, one.site))
            if strangers := sorted(reached - {*others_of(one.site)}):
                hint = send_diagnostics.to_strangers(own, one.site, strangers)
                return failed(expected, f"{one.site} also sent to {listed(strangers)}", hint)
            for to, sent in one.pings.items():
                if len(sent) > MOST_PINGS:
                    hint = Hint("ping.too_often", ideas.BUDGET, _calls(one), {"to": to}, words=_WORDS["too_often"])
                    return failed(expected, f"{len(sent)} from {one.site} to {to}", hint)
        return found

    return Check(name, title, points, judge)


def answers(name: str, title: str, points: float) -> Check:
    """Pass when the student's sites answered all pings that came, and still take news."""
    expected = "every ping that comes is answered with OK, and news is still taken"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for run in played:
            came = [one for one in _receipts(run) if one.party in run.scenario.students]
            for site in sorted(run.scenario.students):
                if not any(one.party == site and one.message.topic == PING for one in came):
                    hint = diagnosis.why_absent(run, site) or Hint("ping.none_came", words=_WORDS["none_came"])
                    return failed(expected, f"no ping came to {site}", hint)
            for one in came:
                if finding := _not_answered(one, expected):
                    return finding
        return passed(played, expected, "all of them")

    return Check(name, title, points, judge)


def alive(name: str, title: str, points: float) -> Check:
    """Pass when each site logged who is alive, as the replies told it."""

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for one in roll_calls(played):
            if finding := _wrong_line(one):
                return finding
        return passed(played, "in the log: who is alive", "as the replies told")

    return Check(name, title, points, judge)


def in_time(name: str, title: str, points: float) -> Check:
    """Pass when each site pinged somebody, answered the task with OK before the deadline, and did the other task."""
    expected = "OK, before the deadline"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = list(roll_calls(played))
        for one in found:
            if not one.began:
                hint = send_diagnostics.nothing(of_students(one.run), one.site)
                return failed(expected, f"{one.site} pinged nobody", hint)
            if finding := sending.wrong_result(of_students(one.run), one.site) or _not_as_before(one):
                return finding
            if one.patience > _WHOLE * one.deadline and not one.is_in_time:
                hint = Hint("ping.too_late", ideas.FAILURE, _calls(one), words=_WORDS["too_late"])
                seen = (
                    f"{one.site} was ready to wait {one.patience:.2f} seconds for one peer, of {one.deadline:g} in all"
                )
                return failed(expected, seen, hint)
            if one.ended - one.began > _MUCH_TOO_LATE * (one.deadline + one.slowest_answer):
                hint = Hint("ping.too_late", ideas.FAILURE, _calls(one), words=_WORDS["too_late"])
                return failed(expected, f"OK, long after the {one.deadline:g} seconds were over", hint)
        if found and all(one.in_a_row >= _ALL_OF_IT * one.deadline and not one.is_in_time for one in found):
            return _all_too_late(found, expected)
        return passed(played, expected, "OK")

    return Check(name, title, points, judge)


def _all_too_late(found: Sequence[RollCall], expected: str) -> Finding:
    """Return the finding on sites that all wait in a row until the deadline: one alone a busy machine can make so."""
    one = found[0]
    hint = Hint("ping.too_late", ideas.FAILURE, _calls(one), words=_WORDS["too_late"])
    seen = f"{one.site} waited for {one.in_a_row:.2f} seconds in a row, of {one.deadline:g} in all"
    return failed(expected, seen, hint)


def _not_as_before(one: RollCall) -> Finding | None:
    """Return the finding on a site that did nothing on the task of exercise 1; how well is no matter of this one."""
    (task,) = [given for given in one.run.scenario.controller.arguments["tasks"] if given["task"] == ANNOUNCE]
    item = task["data"]["id"]
    sent = (message for message in send_diagnostics.sent(one.run, one.site) if message.topic == NEWS)
    if any(message.content.get("id") == item for message in sent) or _left_to_stand_in(one.run, one.site):
        return None
    hint = Hint("task.not_as_before", concepts.TASK, _returns(one), {"task": ANNOUNCE}, words=_WORDS["not_as_before"])
    return failed(f"the task {ANNOUNCE} is done as before", f"{one.site} sent nothing on the task {ANNOUNCE}", hint)


def _left_to_stand_in(run: RunEvidence, site: str) -> bool:
    calls = run.evidence.stood_in.get(site, ())
    return any(method.endswith(".execute") and detail == ANNOUNCE for method, detail in calls)


def _returns(one: RollCall) -> Places:
    return code.returns(one.run, one.site, "execute")


def _receipts(run: RunEvidence) -> Iterator[Receipt]:
    for one in run.evidence.distinct:
        if Fate(one.fate).arrivals and one.topic in (PING, NEWS):
            pair = run.matching.pair_of(one)
            yield Receipt(run, one, pair.expected if pair else None)


def _not_answered(one: Receipt, expected: str) -> Finding | None:
    sender, topic = one.message.sender, one.message.topic
    if topic == NEWS:
        if one.unhandled and not handles_by_stand_in(one.run.evidence, one.party):
            return failed(expected, f"{one.party} has no handler for {topic} any more", _no_news(one))
        return None
    if one.unhandled:
        return failed(expected, f"{one.party} has no handler for {topic}", receive_diagnostics.unregistered(one))
    if one.unanswered:
        return failed(expected, f"{one.party} did not answer {sender}", receive_diagnostics.unanswered(one))
    if one.message.reply != one.ok:
        return failed(expected, f"{sender} got {one.message.reply} from {one.party}", receive_diagnostics.not_ok(one))
    return None


def _no_news(one: Receipt) -> Hint:
    """Explain a site that has lost the handler that it inherits."""
    if errors := diagnosis.event_errors(one.run, one.party):
        return receive_diagnostics.event_raised(one.run, one.party, errors[0])
    where = code.calls(one.run, one.party, "register_aux_message_handler")
    return Hint("inbox.not_inherited", concepts.WORKFLOW, where, words=_WORDS["not_inherited"])


def _wrong_line(one: RollCall) -> Finding | None:
    must, may = {one.site} | one.answered | one.slow, one.doubtful
    wanted = f"{ALIVE}{', '.join(sorted(must))}"
    expected = f"in the log of {one.site}, once: {wanted}"
    where = code.calls(one.run, one.site, *_LOGS)
    if not one.began:
        return failed(expected, f"{one.site} pinged nobody", send_diagnostics.nothing(of_students(one.run), one.site))
    if not one.lines:
        return failed(expected, "no such line", _no_line(one, where))
    if len(one.lines) > 1:
        hint = Hint("alive.several", None, where, words=_WORDS["several"])
        return failed(expected, f"{len(one.lines)} such lines", hint)
    said = one.lines[0].removeprefix(ALIVE)
    names = set(said.split(", "))
    if said != ", ".join(sorted(names)) or not must <= names <= must | may:
        return failed(expected, f"the log says: {one.lines[0][:200]}", _other_names(one, names, must, may, where))
    for name, seconds in one.unheard.items():
        seen = f"{one.site} waited {seconds:.2f} of {one.deadline:g} seconds for {name}, which may have been slow"
        return failed(f"a slow peer is waited for, for a third of the {one.deadline:g} seconds", seen, _slow(one, name))
    return None


def _no_line(one: RollCall, where: Places) -> Hint:
    if absent := diagnosis.why_absent(one.run, one.site):
        return absent
    if raised := diagnosis.raised_in(one.run, one.site, "execute"):
        return of_exception("execute.raised", raised)
    if not one.ended:
        return send_diagnostics.no_result(one.run, one.site)
    return Hint("alive.no_line", concepts.LOGGING, where, words=_WORDS["no_line"])


def _other_names(one: RollCall, names: set[str], must: set[str], may: set[str], where: Places) -> Hint:
    wrong = sorted(names - must - may)
    failing = [name for name in wrong if one.failed_with(name)]
    # The silent come first: each site has one, while which error a site gets is drawn.
    if dead := [name for name in wrong if name in one.pings and name not in failing]:
        return Hint("alive.dead", ideas.FAILURE, where, {"name": dead[0]}, words=_WORDS["dead"])
    if failing:
        told: dict[str, Datum] = {"name": failing[0], "answer": one.failed_with(failing[0])}
        return Hint("alive.error", ideas.ACKNOWLEDGED, where, told, words=_WORDS["error"])
    if impatient := sorted(one.slow - names):
        return _slow(one, impatient[0])
    if one.site not in names:
        return Hint("alive.itself", None, where, {"site": one.site}, words=_WORDS["itself"])
    if lacking := sorted(must - names):
        return Hint("alive.lacking", ideas.ACKNOWLEDGED, where, {"name": lacking[0]}, words=_WORDS["lacking"])
    return Hint("alive.form", None, where, words=_WORDS["form"])


def _slow(one: RollCall, name: str) -> Hint:
    return Hint("alive.slow", ideas.FAILURE, _calls(one), {"name": name}, words=_WORDS["slow"])


def _calls(one: RollCall) -> Places:
    return code.calls(one.run, one.site, *SENDS)


_WORDS = {
    "too_often": f"More than {MOST_PINGS} pings went to {{to}}. How often does your code ask?",
    "none_came": "Nobody pinged it, so there was nothing to answer: let your sites send pings first.",
    "not_inherited": (
        "Your handle_event takes the place of the inherited one, which registers the handler of news. "
        "Who calls that one now?"
    ),
    "too_late": "Add up how long your code may wait, for all peers together. How does that compare with the deadline?",
    "not_as_before": "What does your execute do on a task of another name, such as {task}?",
    "several": "The line is logged more than once for one roll call. Is it inside of a loop?",
    "no_line": "Log one line when you know who is alive. Is that line reached, and how does it read?",
    "error": "{name} answered {answer}, and counts as alive. Is a reply enough, or does its return code matter?",
    "dead": "{name} never answered, and counts as alive. From what does your code make the list?",
    "slow": (
        "Your site did not wait for {name} as long as a slow peer may take. "
        "For how long do you have to wait before you may call a peer dead?"
    ),
    "itself": "{site} is alive, too, and pings itself not. Does your list hold it?",
    "lacking": "{name} answered OK in time, and is not in your list. Which replies do you look at?",
    "form": "The names are the right ones. How are they to be sorted and separated?",
}
