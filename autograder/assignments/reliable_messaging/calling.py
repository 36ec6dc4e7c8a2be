"""The checks of exercise 3: who is pinged, who answers, and who is said to be alive.

The replies tell a site who is alive. A slow one has to be waited for, for a third of the deadline. If it takes longer,
as anything may on a busy machine, its sender may be called alive or not. For how long a site was ready to wait, a peer
that never answers shows, and the same on any machine.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.assignments.reliable_messaging import ideas
from autograder.assignments.reliable_messaging.scenarios import ANNOUNCE, MOST_PINGS, NEWS, PING, ROLL_CALL, others_of
from autograder.evidence.model import Message
from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, diagnosis, receive_diagnostics, send_diagnostics, sending
from autograder.rubric.code import Places
from autograder.rubric.credit import handles_by_stand_in
from autograder.rubric.hints import failed, of_exception, passed
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import SENDS
from autograder.rubric.receipts import Receipt, component_lines
from autograder.rubric.send_diagnostics import listed
from autograder.simulator.network.faults import Fate

_ALIVE = "Alive: "
_SLOW = 0.97 / 3
"""The part of the deadline for which an answer has to be waited for; clocks are a little inexact."""
_QUICK = 0.28
"""Who got an answer within this part of the deadline had it in time, whatever it took on its way from the witness."""
_HASTY = 0.25
"""Whose result comes so soon after its task cannot have waited for long enough."""
_UNTIL_THE_END = 0.9
"""Who waits until so much of the deadline is over may have had no more of it left."""
_MUCH_TOO_LATE = 3
"""So many deadlines after its first ping a site is late, with an answer each that takes as long as any in the run."""
_WHOLE = 1.03
"""Who is ready to wait for more than this part of the deadline cannot return before it; timeouts are often rounded."""
_LOGS = ("log_info", "info", "log_warning", "warning")


@dataclass(frozen=True)
class RollCall:
    """A site's part in a roll call: whom it has asked, and what it was told.

    Attributes:
        pings: to each other site, in order.
        lines: those of its log that say who is alive.
        given: when it was given the task; 0 where nobody knows.
        ended: when its result came; 0 if none did.
    """

    run: RunEvidence
    site: str
    deadline: float
    pings: dict[str, tuple[Message, ...]]
    lines: tuple[str, ...]
    given: float
    ended: float

    @property
    def began(self) -> float:
        """Return when the first ping was sent; 0 when none was."""
        return min((ping.at for pings in self.pings.values() for ping in pings), default=0.0)

    @property
    def is_in_time(self) -> bool:
        """Return whether its result was there before the deadline, whatever its timeouts are."""
        return bool(self.ended) and self.ended - self.given < self.deadline

    @property
    def slowest_answer(self) -> float:
        """Return the longest time from a message to its answer, in seconds, at any site: how busy the machine was."""
        return max((one.answered_at - one.at for one in self.run.evidence.messages if one.reply), default=0.0)

    @property
    def answered(self) -> set[str]:
        """Return who has answered OK quickly, and whose answer has come to the site."""
        quick = _QUICK * self.deadline
        return self._of(lambda ping: ping.answered_in_time and ping.answered_at - ping.at <= quick)

    @property
    def slow(self) -> set[str]:
        """Return who has answered OK, when the site had not waited for as long as a slow peer may take."""
        return self._of(lambda ping: True) - self._of(self._is_waited_for)

    @property
    def patience(self) -> float:
        """Return for how many seconds it was ready to wait for one that never answers, with all pings together.

        Pings that are sent while an earlier one is waited for count once. The time is that of timeouts, so it is the
        same on any machine.
        """
        return max((_waited(pings) for pings in self.pings.values() if _is_silent(pings)), default=0.0)

    @property
    def unheard(self) -> dict[str, float]:
        """Return who never answered and was given up on before a slow peer might have answered, and after how long.

        In a transaction NVFlare asks again, however short the timeout of one message is.
        """
        found = {}
        for to, pings in self.pings.items():
            patience = max((one.gave_up_after for one in pings), default=0.0)
            if _is_silent(pings) and patience and not any(map(self._is_patient, pings)):
                found[to] = patience
        return found

    @property
    def doubtful(self) -> set[str]:
        """Return who has answered OK later than that, or too late for a site that had waited for long enough."""
        return self._of(self._is_waited_for) - self.answered

    def _is_waited_for(self, ping: Message) -> bool:
        is_hasty = bool(self.ended) and self.ended - self.given < _HASTY * self.deadline
        return not is_hasty and (ping.answered_in_time or self._is_patient(ping))

    def _is_patient(self, ping: Message) -> bool:
        """Return whether a ping that got no answer in time was waited for as long as it may take, or as could be."""
        is_first = ping == self.pings[ping.receiver][0]
        until = ping.at - self.began + ping.gave_up_after
        return ping.gave_up_after >= _SLOW * self.deadline or (is_first and until >= _UNTIL_THE_END * self.deadline)

    def _of(self, fits: Callable[[Message], bool]) -> set[str]:
        """Return who has answered OK to a ping that fits."""
        return {to for to, pings in self.pings.items() if any(_is_ok(one) and fits(one) for one in pings)}

    def failed_with(self, site: str) -> str:
        """Return the last answer of a site other than OK; empty if there was none."""
        codes = [one.reply for one in self.pings.get(site, ()) if one.reply and one.reply != "OK"]
        return codes[-1] if codes else ""


def pings(name: str, title: str, points: float) -> Check:
    """Pass when every other client got an empty ping, three at most, and nobody else got any."""
    every = sending.as_expected(name, title, points)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = every.judge([_of_students(run) for run in played])
        if not found.passed:
            return found
        expected = f"a ping to every other client, {MOST_PINGS} at most"
        for one in _roll_calls(played):
            own = _of_students(one.run)
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
        for one in _roll_calls(played):
            if finding := _wrong_line(one):
                return finding
        return passed(played, "in the log: who is alive", "as the replies told")

    return Check(name, title, points, judge)


def in_time(name: str, title: str, points: float) -> Check:
    """Pass when each site pinged somebody, answered the task with OK before the deadline, and did the other task."""
    expected = "OK, before the deadline"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for one in _roll_calls(played):
            if not one.began:
                hint = send_diagnostics.nothing(_of_students(one.run), one.site)
                return failed(expected, f"{one.site} pinged nobody", hint)
            if finding := sending.wrong_result(_of_students(one.run), one.site) or _not_as_before(one):
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
        return passed(played, expected, "OK")

    return Check(name, title, points, judge)


def _roll_calls(played: Sequence[RunEvidence]) -> Iterator[RollCall]:
    for run in played:
        (task,) = [one for one in run.scenario.controller.arguments["tasks"] if one["task"] == ROLL_CALL]
        own = _of_students(run)
        for site in sorted(run.scenario.students):
            sent = [one for one in send_diagnostics.sent(own, site) if one.topic == PING]
            to = {other: tuple(one for one in sent if one.receiver == other) for other in others_of(site)}
            lines = tuple(line.text for line in component_lines(run, site) if line.text.startswith(_ALIVE))
            results = [one for one in own.evidence.results if one.site == site]
            given = max((one.given_at for one in results), default=0.0)
            ended = max((one.at for one in results), default=0.0)
            yield RollCall(run, site, task["data"]["deadline"], to, lines, given, ended)


def _of_students(run: RunEvidence) -> RunEvidence:
    """Return a run without the news, which the course has sent or the task before was about."""
    expected = tuple(one for one in run.scenario.expected_in(run.evidence) if one.topic != NEWS)
    messages = tuple(one for one in run.evidence.messages if one.topic != NEWS)
    results = tuple(one for one in run.evidence.results if one.task == ROLL_CALL)
    scenario = replace(run.scenario, expected=expected)
    return replace(run, scenario=scenario, evidence=replace(run.evidence, messages=messages, results=results))


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
    wanted = f"{_ALIVE}{', '.join(sorted(must))}"
    expected = f"in the log of {one.site}, once: {wanted}"
    where = code.calls(one.run, one.site, *_LOGS)
    if not one.began:
        return failed(expected, f"{one.site} pinged nobody", send_diagnostics.nothing(_of_students(one.run), one.site))
    if not one.lines:
        return failed(expected, "no such line", _no_line(one, where))
    if len(one.lines) > 1:
        hint = Hint("alive.several", None, where, words=_WORDS["several"])
        return failed(expected, f"{len(one.lines)} such lines", hint)
    said = one.lines[0].removeprefix(_ALIVE)
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


def _is_ok(ping: Message) -> bool:
    return ping.reply == "OK"


def _is_silent(pings: Sequence[Message]) -> bool:
    return all(one.reply is None and not one.transaction for one in pings)


def _waited(pings: Sequence[Message]) -> float:
    """Return the seconds in which at least one of these was waited for, by their timeouts."""
    total, until = 0.0, 0.0
    for one in pings:
        end = one.at + one.gave_up_after
        total += max(0.0, end - max(until, one.at))
        until = max(until, end)
    return total


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
