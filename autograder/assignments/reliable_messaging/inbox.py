"""The checks of exercise 2 that are its own: every item is logged, and none more than once."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from autograder.assignments.reliable_messaging import ideas
from autograder.assignments.reliable_messaging.scenarios import ITEMS_OF_A_TURN, NEWS, NEWS_LOG
from autograder.report.reasons import Datum
from autograder.rubric import code, concepts, log_lines, receiving, sending
from autograder.rubric.code import Places
from autograder.rubric.hints import failed, passed
from autograder.rubric.log_lines import Fields
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.receipts import Receipt, component_lines
from autograder.simulator.network.faults import Fate

_LOGS = ("log_info", "info", "log_warning", "warning")
_PARTS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("id", (("id",),)),
    ("sender", (("sender",),)),
    ("text", (("sender", "text"), ("text",))),
    ("id_and_text", (("id", "text"),)),
)
"""By what an item can be known that is too little, each with the fields that make it up."""


def registered(name: str, title: str, points: float) -> Check:
    """Pass when a handler answered every item, and ``handle_event`` raised nothing, as it does for a second handler."""
    each = receiving.has_handler(name, title, points, receiving.any_site)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        found = each.judge(played)
        sites = [(run, site) for run in played for site in sorted(run.scenario.students)] if found.passed else []
        return next(filter(None, (sending.raised_at_event(*one) for one in sites)), found)

    return Check(name, title, points, judge)


def logged(name: str, title: str, points: float) -> Check:
    """Pass when the line of every item is in the log of its receiver, whose handler answered."""
    each = receiving.logs_each(name, title, points, receiving.any_site)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        inboxes = list(_inboxes(played))
        for items in inboxes:
            for receipt in items:
                if receipt.unlogged and receipt.message.reply == receipt.ok and (found := _instead(inboxes, receipt)):
                    return failed(f"in the log of {receipt.party}: {receipt.line}", *found)
        return each.judge(played)

    return Check(name, title, points, judge)


def once(name: str, title: str, points: float) -> Check:
    """Pass when items are logged, and none of them more than once."""
    expected = "one line for each sender and id, however often the item comes"

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for items in _inboxes(played):
            if not any(receipt.lines for receipt in items):
                where = code.calls(items[0].run, items[0].party, *_LOGS)
                hint = Hint("once.nothing", None, where, words=_WORDS["nothing"])
                return failed(expected, f"{items[0].party} logged none of the items", hint)
            for receipt in items:
                if receipt.logged > 1:
                    seen = f"{receipt.logged} times in the log of {receipt.party}: {receipt.line}"
                    return failed(expected, seen, _why_again(items, receipt))
        return passed(played, expected, "one line for each")

    return Check(name, title, points, judge)


def _inboxes(played: Sequence[RunEvidence]) -> Iterator[list[Receipt]]:
    """Yield what came to each of the student's sites."""
    for run in played:
        for site in sorted(run.scenario.students):
            pairs = [
                pair for pair in run.matching.pairs if pair.expected.receiver == site and pair.expected.topic == NEWS
            ]
            if items := [Receipt(run, one, pair.expected) for pair in pairs for one in pair.messages]:
                yield items


def _instead(inboxes: Sequence[Sequence[Receipt]], lacking: Receipt) -> tuple[str, Hint] | None:
    """Return what the log says in place of an item that was answered with OK, and a hint, if that tells anything."""
    (items,) = [items for items in inboxes if lacking in items]
    if hint := _taken_for_another(inboxes, lacking):
        return f"{lacking.party} answered OK, and its log has no such line", hint
    rightful = {receipt.line for receipt in items}
    lines = [one.text for one in component_lines(lacking.run, lacking.party) if one.text not in rightful]
    told = ((line, log_lines.parsed(NEWS_LOG, line)) for line in lines)
    for line, fields in told:
        if fields and fields["text"] == lacking.fields["text"]:
            itself = fields["sender"] == lacking.party and fields["id"] == lacking.fields["id"]
            name, idea = ("receiver", concepts.SENDER) if itself else ("values", ideas.IDENTITY)
            return f"the log says: {line[:200]}", Hint(f"news.{name}", idea, _memory(lacking), words=_WORDS[name])
    if about := [line for line in lines if str(lacking.fields["text"]) in line]:
        return f"the log says: {about[-1][:200]}", Hint("news.form", None, _memory(lacking), words=_WORDS["form"])
    return None


def _taken_for_another(inboxes: Sequence[Sequence[Receipt]], lacking: Receipt) -> Hint | None:
    """Explain an item that was taken for one that had come before, by the part of it that they share.

    Two items share a part by chance. So it has to explain all that the logs of all sites hold, and all that they lack.
    """
    for part, keys in _PARTS:
        if any(all(_explains(items, key) for items in inboxes) for key in keys):
            told: dict[str, Datum] = {"part": part.replace("_", " ")}
            return Hint(f"once.by_{part}", ideas.IDENTITY, _memory(lacking), told, words=_WORDS["taken"])
    return None


def _explains(items: Sequence[Receipt], key: tuple[str, ...]) -> bool:
    """Return whether the log is that of a site to which two items are the same that share these fields."""
    came: dict[tuple[str, ...], list[Receipt]] = defaultdict(list)
    for receipt in items:
        came[tuple(str(receipt.fields[field]) for field in key)].append(receipt)
    for alike in came.values():
        logged = [receipt for receipt in alike if receipt.lines]
        lacking = [receipt for receipt in alike if not receipt.lines and receipt.message.reply == receipt.ok]
        if len(_distinct([receipt.fields for receipt in logged])) > 1:
            return False
        first = min((_turn(receipt) for receipt in logged), default=math.inf)
        if any(first > max(map(_turn, _alike(items, receipt))) for receipt in lacking):
            return False
    return True


def _turn(receipt: Receipt) -> int:
    """Return in which turn a message was said, from 0: those of one come at the same moment."""
    return (receipt.message.attempt - 1) // ITEMS_OF_A_TURN


def _distinct(fields: Sequence[Fields]) -> list[Fields]:
    return [one for number, one in enumerate(fields) if one not in fields[:number]]


def _why_again(items: Sequence[Receipt], again: Receipt) -> Hint:
    where = _memory(again)
    if all(receipt.logged >= _arrivals(items, receipt) for receipt in items):
        return Hint("once.no_memory", ideas.IDEMPOTENT, where, words=_WORDS["no_memory"])
    single = (receipt for receipt in items if len(_alike(items, receipt)) == 1)
    if not any(receipt.logged > 1 for receipt in single):
        name, idea = "forgets", ideas.IDEMPOTENT
    elif code.calls(again.run, again.party, "Lock", "RLock"):
        name, idea = "despite_lock", ideas.ATOMIC
    else:
        name, idea = "race", ideas.ATOMIC
    return Hint(f"once.{name}", idea, where, words=_WORDS[name])


def _alike(items: Sequence[Receipt], one: Receipt) -> list[Receipt]:
    return [receipt for receipt in items if receipt.fields == one.fields]


def _arrivals(items: Sequence[Receipt], one: Receipt) -> int:
    """Return how often an item came to its receiver's handler."""
    return sum(Fate(receipt.message.fate).arrivals for receipt in _alike(items, one))


def _memory(receipt: Receipt) -> Places:
    """Return where the handler logs, beside which it has to remember; else where anything of the site does."""
    run, party = receipt.run, receipt.party
    return code.calls(run, party, *_LOGS, method=code.handler(run, party)) or code.calls(run, party, *_LOGS)


_WORDS = {
    "nothing": "Nothing tells which items your site has taken. Is the line logged, and how does it read?",
    "taken": "It was taken for one that had come before, with the same {part}. By what does your code know an item?",
    "race": (
        "The same item came twice at the same moment, each in a thread of its own. "
        "What can the other thread do between your look and what you do about it?"
    ),
    "despite_lock": (
        "The same item came twice at the same moment, and was logged twice. A lock helps if all threads take the same "
        "one, for the look and for what follows from it; a memory helps if it keeps all items."
    ),
    "form": "Compare your line letter by letter with the one that is asked for.",
    "receiver": "The line names the site itself. In a handler, who says from whom a message came?",
    "values": "Compare what stands in your line with the item: its id, who sent it, and what it says.",
    "forgets": "It was logged again when it came a second time, later. For how long does your site remember an item?",
    "no_memory": "It was logged as often as it came. What does your site remember of the items that it has taken?",
}
