"""The checks of exercise 1: an item reaches everybody, is sent again where it has to be, and nothing more often.

A busy machine makes everything later and nothing sooner. So a pause counts as too short, and a site as one that gave up
early, by what was certainly so; no check says that something took too long. How long a site was ready to wait is no
matter of the machine. That pauses do not grow is said where the same is seen in several announcements, and no delay
of the machine explains it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from statistics import median_high

from autograder.assignments.reliable_messaging import ideas
from autograder.assignments.reliable_messaging.announcements import (
    FIRST_PAUSE,
    NEARLY,
    Announcement,
    Link,
    announcements,
)
from autograder.assignments.reliable_messaging.scenarios import MOST_SENDS, UNKNOWN, others_of
from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, diagnosis, send_diagnostics, sending
from autograder.rubric.code import Places
from autograder.rubric.hints import failed, of_exception, passed
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import SENDS
from autograder.rubric.receipts import component_lines
from autograder.rubric.send_diagnostics import listed

_DELAY = 0.1
"""A pause that is longer than half of the next one by so much of the deadline, each time, is so by intent."""
_SEVERAL = 4
"""So many pauses at least, of a site or with a number, have to be so, all but one in eight: less, chance explains."""
_ENOUGH = 0.5
"""Who has tried for so much of the deadline may have found that no other pause fits in."""
_LOGS = ("log_info", "info", "log_warning", "warning")
_OK, _ERROR, _UNKNOWN = "OK", "EXECUTION_RESULT_ERROR", "TASK_UNKNOWN"


def everyone(name: str, title: str, points: float) -> Check:
    """Pass when every other client, and nobody else, was sent every item as the exercise states it."""
    every = sending.as_expected(name, title, points)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = every.judge(played)
        if found.passed:
            return next(filter(None, (_to_others(run, site) for run, site in _sites(played))), found)
        return found

    return Check(name, title, points, judge)


def until_ok(name: str, title: str, points: float) -> Check:
    """Pass when nobody was given up on who had not said OK, before the sixth send or the deadline."""
    expected = f"an item is sent again until its receiver says OK, {MOST_SENDS} times, or the deadline comes"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = list(announcements(played))
        for one in found:
            for link in one.links:
                if finding := _given_up_early(one, link, expected, found):
                    return finding
        return passed(played, expected, "as long as there was a chance")

    return Check(name, title, points, judge)


def within_bounds(name: str, title: str, points: float) -> Check:
    """Pass when something was sent again: to those without an OK, six times at most, later each time, in time."""
    expected = f"at most {MOST_SENDS} sends, none after an OK or the deadline, with pauses that grow"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = list(announcements(played))
        for one in found:
            for link in one.links:
                if link.patience >= one.deadline:
                    return failed(expected, *_too_patient(one, link))
        for one in found:
            if one.given_up and _never_retries([other for other in found if other.site == one.site]):
                return failed(expected, f"{one.site} sent nothing again", _never(one, found))
        for one in found:
            for link in one.links:
                if finding := _too_much(one, link, expected) or _too_soon(one, link, expected):
                    return finding
        return _not_growing(found, expected) or passed(played, expected, "no more than that")

    return Check(name, title, points, judge)


def tells(name: str, title: str, points: float) -> Check:
    """Pass when log and result say who has the item and who has not, as the replies told the site.

    The result of a task of another name has to say that as well.
    """

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for one in announcements(played):
            if finding := _wrong_line(one) or _wrong_result(one):
                return finding
        for run, site in _sites(played):
            if finding := _knows_too_much(run, site):
                return finding
        return passed(played, "log and result say who has the item", "they do")

    return Check(name, title, points, judge)


def _sites(played: Sequence[RunEvidence]) -> list[tuple[RunEvidence, str]]:
    return [(run, site) for run in played for site in sorted(run.scenario.students)]


def _to_others(run: RunEvidence, site: str) -> Finding | None:
    reached = {message.receiver for message in send_diagnostics.sent(run, site)}
    expected = f"messages of {site} to {listed(others_of(site))} and nobody else"
    if site in run.evidence.to_self or site in reached:
        return failed(expected, f"{site} also sent to itself", send_diagnostics.to_itself(run, site))
    if strangers := sorted(reached - {*others_of(site)}):
        hint = send_diagnostics.to_strangers(run, site, strangers)
        return failed(expected, f"{site} also sent to {listed(strangers)}", hint)
    return None


def _given_up_early(one: Announcement, link: Link, expected: str, found: Sequence[Announcement]) -> Finding | None:
    if not link.sends:
        hint = send_diagnostics.missing(one.run, one.site, [link.receiver])
        return failed(expected, f"{one.site} did not send {one.id} to {link.receiver}", hint)
    times = len(link.sends)
    if link.acknowledged or times >= MOST_SENDS or _is_out_of_time(one, link, found):
        return None
    if one.result is None:
        hint = send_diagnostics.no_result(one.run, one.site)
        return failed(expected, f"{one.site} did not come to the end of the task", hint)
    seen = f"{one.site} sent {one.id} to {link.receiver} {_times(times)}; the last answer was {link.answers[-1]}"
    if not one.is_retried:
        return failed(expected, seen, _never(one, found))
    told: dict[str, Datum] = {"receiver": link.receiver, "answer": link.answers[-1], "times": _times(times)}
    return failed(expected, seen, Hint("retry.gave_up", ideas.ACKNOWLEDGED, _calls(one), told, words=_WORDS["gave_up"]))


def _never_retries(of_site: Sequence[Announcement]) -> bool:
    """Return whether a site has sent nothing again, although there was time for it."""
    lacking = [(one, link) for one in of_site for link in one.links if not link.acknowledged]
    had_time = any(not link.sends or not _is_out_of_time(one, link, of_site) for one, link in lacking)
    return had_time and not any(one.is_retried for one in of_site)


def _is_out_of_time(one: Announcement, link: Link, found: Sequence[Announcement]) -> bool:
    """Return whether a site may have found that no further pause fits in: at least twice the last, or as they grow.

    Who tries again for one receiver after the other may find that late, and for all of them. Who went on with others
    for several sends had left this one out before.
    """
    if one.result is None:
        return False
    seconds = one.until(link.last_news if one.went_on_without(link) else one.result.at)
    next_pause = link.last_pause * _growth(found, len(link.sends) - 1)
    return seconds >= _ENOUGH * one.deadline or (bool(next_pause) and seconds + next_pause >= NEARLY * one.deadline)


def _growth(found: Sequence[Announcement], number: int) -> float:
    """Return how many times as long as the one before the pause with a number may have been meant to be; at least two.

    All sites run the same code, so what is usual among them is known, whichever of them the machine holds up.
    """
    growths = [2.0]
    for of_item in ([one for one in found if one.id == name] for name in {one.id for one in found}):
        pauses = defaultdict(list)
        for place, pause in chain.from_iterable(link.pauses for one in of_item for link in one.links):
            pauses[place].append(pause)
        if pauses[number] and pauses[number - 1]:
            meant = min(pauses[number - 1]) - max(one.slowest_answer for one in of_item)
            least = FIRST_PAUSE * 2 ** (number - 2) * of_item[0].deadline
            growths.append(median_high(pauses[number]) / max(meant, least))
    return max(growths)


def _never(one: Announcement, found: Sequence[Announcement]) -> Hint:
    if raised := diagnosis.raised_in(one.run, one.site, "execute"):
        return Hint("retry.raised", None, raised.places, {"told": raised.text}, words=_WORDS["raised"], blocks=True)
    if not any(link.sends for link in one.links):
        return send_diagnostics.nothing(one.run, one.site)
    answers = sorted({link.answers[-1] for link in one.links if link.sends and not link.acknowledged})
    others = (other for other in found if other.site == one.site and other.is_retried)
    if {*answers} & {answer for other in others for link in other.links for answer in link.answers[:-1]}:
        return Hint("retry.not_this_one", ideas.RETRY, _calls(one), {"id": one.id}, words=_WORDS["not_this_one"])
    return Hint("retry.never", ideas.RETRY, _calls(one), {"answers": tuple(answers)}, words=_WORDS["never"])


def _too_patient(one: Announcement, link: Link) -> tuple[str, Hint]:
    told: dict[str, Datum] = {"receiver": link.receiver, "site": one.site}
    hint = Hint("retry.long_timeout", ideas.BUDGET, _calls(one), told, words=_WORDS["long_timeout"])
    return f"{one.site} has a timeout of {link.patience:g} seconds, and {one.deadline:g} for all of it", hint


def _too_much(one: Announcement, link: Link, expected: str) -> Finding | None:
    told: dict[str, Datum] = {"receiver": link.receiver, "site": one.site}
    way = f"from {one.site} to {link.receiver}"
    after_ok = link.after_ok(_explained(one) if one.own_clock else 0.0)
    # Who waits for replies knows of them before it sends. To others a busy machine may bring an OK two sends too late.
    if after_ok > 2 * one.own_clock:
        hint = Hint("retry.after_ok", ideas.RETRY, _calls(one), told, words=_WORDS["after_ok"])
        return failed(expected, f"{after_ok} {way} after its OK", hint)
    if len(link.sends) > MOST_SENDS:
        hint = Hint("retry.too_often", ideas.BUDGET, _calls(one), told, words=_WORDS["too_often"])
        return failed(expected, f"{len(link.sends)} {way}", hint)
    if late := one.after_deadline(link):
        hint = Hint("retry.after_deadline", ideas.BUDGET, _calls(one), told, words=_WORDS["after_deadline"])
        return failed(expected, f"{late} {way} after the {one.deadline:g} seconds were over", hint)
    return None


def _too_soon(one: Announcement, link: Link, expected: str) -> Finding | None:
    short = one.short_pauses(link)
    if not short:
        return None
    least = FIRST_PAUSE * 2 ** (short[0] - 1) * one.deadline
    told: dict[str, Datum] = {"number": short[0], "least": f"{2 ** (short[0] - 1)}/64"}
    waits = code.calls(one.run, one.site, "sleep", "wait")
    name = "short_pause" if waits else "no_pause"
    hint = Hint(f"retry.{name}", ideas.BACKOFF, waits or _calls(one), told, words=_WORDS[name])
    seen = f"after send {short[0]} to {link.receiver}, {one.site} waited less than {least:.2f} seconds"
    return failed(expected, seen, hint)


def _not_growing(found: Sequence[Announcement], expected: str) -> Finding | None:
    """Return the finding on pauses less than twice as long as those before, where a site or all of them make most so.

    A busy machine can make a pause longer, and so the one before the next one. It does not do so nearly each time.
    """
    rests = defaultdict(list)
    for one in found:
        for number, rest, following in chain.from_iterable(map(one.rests, one.links)):
            rests[one.site, one.id, number].append((rest - following / 2 > _explained(one), one, rest, following))
    groups: dict[str | int, list[tuple[str, str, int]]] = defaultdict(list)
    for site, name, number in rests:
        groups[site].append((site, name, number))
        groups[number].append((site, name, number))
    for alike in groups.values():
        short = [way for way in alike if all(is_so for is_so, *_ in rests[way])]
        if len(alike) >= _SEVERAL and len(alike) - len(short) <= len(alike) // 8:
            _, one, rest, following = rests[short[0]][0]
            return _same_pause(one, short[0][2], rest, following, expected)
    return None


def _same_pause(one: Announcement, number: int, rest: float, following: float, expected: str) -> Finding:
    waits = code.calls(one.run, one.site, "sleep", "wait")
    told: dict[str, Datum] = {"number": number + 1}
    hint = Hint("retry.same_pause", ideas.BACKOFF, waits or _calls(one), told, words=_WORDS["same_pause"])
    seen = f"{one.site} paused for {rest:.2f} seconds after send {number}, and then for {following:.2f} at most"
    return failed(expected, seen, hint)


def _explained(one: Announcement) -> float:
    """Return how many seconds longer than it was meant to be a busy machine can have made a pause."""
    return max(_DELAY * one.deadline, one.slowest_answer)


def _wrong_line(one: Announcement) -> Finding | None:
    lines = [line.text for line in component_lines(one.run, one.site)]
    wanted = [_line(one, *told, nobody) for told in one.tellings for nobody in ("nobody", "")]
    expected = f"in the log of {one.site}, once: {wanted[0]}"
    count = sum(text in wanted for text in lines)
    if count == 1 and any(link.sends for link in one.links):
        return None
    where = code.calls(one.run, one.site, *_LOGS)
    if absent := diagnosis.why_absent(one.run, one.site):
        return failed(expected, "no such line", absent)
    if not any(link.sends for link in one.links):
        return failed(expected, "nothing was sent", send_diagnostics.nothing(one.run, one.site))
    if count > 1:
        hint = Hint("told.twice", None, where, words=_WORDS["twice"])
        return failed(expected, f"the line is there {count} times", hint)
    if alike := [text for text in lines if text.startswith(f"Delivered {one.id} ")]:
        same = sorted(_words_in(alike[-1])) == sorted(_words_in(wanted[0]))
        name = "form" if same else "others"
        hint = Hint(f"told.{name}", ideas.HONEST, where, words=_WORDS[name])
        return failed(expected, f"the log says: {alike[-1][:200]}", hint)
    if one.result is None:
        return failed(expected, "no such line", send_diagnostics.no_result(one.run, one.site))
    if raised := diagnosis.raised_in(one.run, one.site, "execute"):
        return failed(expected, "no such line", of_exception("execute.raised", raised))
    return failed(expected, "no such line", Hint("told.no_line", ideas.HONEST, where, words=_WORDS["no_line"]))


def _wrong_result(one: Announcement) -> Finding | None:
    lines = {line.text for line in component_lines(one.run, one.site)}
    said = [given_up for delivered, given_up in one.tellings if _line(one, delivered, given_up) in lines]
    wanted = _ERROR if (said[0] if said else one.given_up) else _OK
    expected = f"{one.site} returns {wanted} for {one.id}"
    if one.result is None:
        return failed(expected, "no result", send_diagnostics.no_result(one.run, one.site))
    got = one.result.return_code
    if got == wanted:
        return None
    if {got, wanted} == {_OK, _ERROR}:
        name = "ok_though" if got == _OK else "error_though"
        hint = Hint(f"told.{name}", ideas.HONEST, code.returns(one.run, one.site, "execute"), words=_WORDS[name])
        return failed(expected, f"it returned {got}", hint)
    hint = send_diagnostics.other_result(one.run, one.site, one.result)
    if wanted == _ERROR and hint.code == "result.not_ok":
        hint = replace(hint, code="told.other_code", words=_WORDS["other_code"])
    return failed(expected, f"it returned {got}", hint)


def _knows_too_much(run: RunEvidence, site: str) -> Finding | None:
    """Return the finding on a site that does not say that it does not know a task of another name."""
    codes = [one.return_code for one in run.evidence.results if (one.site, one.task) == (site, UNKNOWN)]
    if codes == [_UNKNOWN]:
        return None
    expected = f"{site} returns {_UNKNOWN} for the task {UNKNOWN!r}"
    if not codes:
        return failed(expected, "no result", send_diagnostics.no_result(run, site))
    where = code.returns(run, site, "execute")
    hint = Hint("told.other_task", concepts.TASK, where, {"task": UNKNOWN}, words=_WORDS["other_task"])
    return failed(expected, f"it returned {codes[-1]}", hint)


def _line(one: Announcement, delivered: Sequence[str], given_up: Sequence[str], nobody: str = "nobody") -> str:
    to, on = ", ".join(delivered) or nobody, ", ".join(given_up) or "nobody"
    return f"Delivered {one.id} to {to}; gave up on {on}"


def _words_in(line: str) -> list[str]:
    return line.replace(",", " ").replace(";", " ").split()


def _calls(one: Announcement) -> Places:
    return code.calls(one.run, one.site, *SENDS)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


_WORDS = {
    "never": "Nothing was sent again after {answers}. What does your code do with the return code of a reply?",
    "not_this_one": (
        "Another item was sent again after the same answers, and {id} was not. "
        "What does your code still remember of the other one?"
    ),
    "gave_up": (
        "{receiver} had not said OK, and after {answer} nothing more was sent to it. "
        "For which return codes does your code try again, and how often?"
    ),
    "raised": "execute raised {told}[ ({at})], and nothing was sent again after that.",
    "after_ok": "{receiver} had said OK to {site}, and got the item again. Who is in targets when you send again?",
    "too_often": f"More than {MOST_SENDS} messages went to {{receiver}}. What counts them, and for whom?",
    "after_deadline": (
        "The deadline was over, and {site} still sent. What does your code compare with the clock, and when?"
    ),
    "long_timeout": (
        "The message to {receiver} got lost, and {site} was ready to wait for its reply until the deadline was over. "
        "What is left then for sending again?"
    ),
    "no_pause": "Your code has to leave its peers alone before it sends again. Where does it wait?",
    "short_pause": (
        "After send {number} a pause has to take {least} of the deadline at least: each twice the one before. "
        "How does your pause change?"
    ),
    "same_pause": (
        "The pause after send {number} is less than twice as long as the one before it. How does your pause change?"
    ),
    "twice": "The line is logged more than once for the same item. Is it inside of a loop?",
    "form": "The names are the right ones. How are they to be sorted and separated?",
    "others": "Compare the names with the replies that your site got: who has said OK, and who has not?",
    "no_line": "Log one line at the end, whoever was given up on. Is that line reached, and how does it read?",
    "ok_though": "Somebody was given up on, and the result says OK. Whom does your return code tell of that?",
    "other_code": "Somebody was given up on. Which return code is asked for then?",
    "other_task": "execute was asked to do {task}, a task that it does not know. Does it look at the name of the task?",
    "error_though": "Everybody has the item. Why does the result tell of an error?",
}
