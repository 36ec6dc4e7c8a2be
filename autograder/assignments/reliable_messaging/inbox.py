"""The checks of exercise 2 that are its own: every item is logged, and none more than once."""

from collections import Counter
from collections.abc import Iterator, Sequence

from autograder.assignments.reliable_messaging import ideas
from autograder.assignments.reliable_messaging.scenarios import NEWS, NEWS_LOG
from autograder.rubric import code, concepts, log_lines, receiving
from autograder.rubric.code import Places
from autograder.rubric.hints import failed, passed
from autograder.rubric.log_lines import Fields
from autograder.rubric.model import Check, Finding, Hint, RunEvidence
from autograder.rubric.receipts import Receipt, component_lines
from autograder.simulator.network.faults import Fate

_LOGS = ("log_info", "info", "log_warning", "warning")


def logged(name: str, title: str, points: float) -> Check:
    """Pass when the line of every item is in the log of its receiver, whose handler answered."""
    each = receiving.logs_each(name, title, points, receiving.any_site)

    def judge(played: Sequence[RunEvidence]) -> Finding:
        for items in _inboxes(played):
            for receipt in items:
                if receipt.unlogged and receipt.message.reply == receipt.ok and (found := _instead(items, receipt)):
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


def _instead(items: Sequence[Receipt], lacking: Receipt) -> tuple[str, Hint] | None:
    """Return what the log says in place of an item that was answered with OK, and a hint, if that tells anything."""
    if hint := _taken_for_another(items, lacking):
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


def _taken_for_another(items: Sequence[Receipt], lacking: Receipt) -> Hint | None:
    """Explain an item that was taken for one that had come before, by the part of it that they share."""
    known = [receipt.fields for receipt in items if receipt.lines]
    senders = Counter(str(fields["sender"]) for fields in _distinct(known))
    ids = Counter(str(fields["id"]) for fields in _distinct(known))
    if not known:
        return None
    if max(ids.values()) == 1:  # each sender has said two at once, so of three senders two have said the same one
        part = "id"
    elif max(senders.values()) == 1:
        part = "sender"
    elif any((one["sender"], one["text"]) == (lacking.fields["sender"], lacking.fields["text"]) for one in known):
        part = "text"
    elif any((one["id"], one["text"]) == (lacking.fields["id"], lacking.fields["text"]) for one in known):
        part = "id_and_text"
    else:
        return None
    return Hint(
        f"once.by_{part}", ideas.IDENTITY, _memory(lacking), {"part": part.replace("_", " ")}, words=_WORDS["taken"]
    )


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
