"""Explains why a reply or a result with the right return code does not say what is asked for."""

from collections.abc import Iterator

from autograder.report.reasons import Datum
from autograder.rubric import code, concepts
from autograder.rubric.code import Places
from autograder.rubric.matching import WrongResult
from autograder.rubric.model import Hint, RunEvidence
from autograder.rubric.nothing_sent_diagnostics import EXECUTE, SENDS
from autograder.rubric.receipts import Receipt
from autograder.simulator.network.content import Content, Difference, Mismatch
from autograder.simulator.nvflare_private.topics import COLLAB_CHANNEL
from autograder.simulator.scenario import Expected

_REPLY = {Difference.VALUE: "reply.value", Difference.SAID: "reply.said"}
_RESULT = {Difference.VALUE: "result.value", Difference.SAID: "result.said"}
"""Codes of hints; what is built in another way has one of its own."""


def other_content(receipt: Receipt, mismatch: Mismatch) -> Hint:
    """Explain a reply that says something else."""
    run, party, message = receipt.run, receipt.party, receipt.message
    if mismatch.code is Difference.NOT_SEEN:
        return Hint(str(mismatch.code), concepts.TIMEOUT, code.calls(run, message.sender, *SENDS))
    where = _answers(receipt)
    pair = run.matching.pair_of(message)
    if pair and message.number in pair.wrong:
        return Hint("reply.to_another_question", None, code.calls(run, message.sender, *SENDS) or where)
    if _is_empty(message.reply_content):
        return Hint("reply.empty", concepts.REPLY, where)
    if mismatch.code is Difference.VALUE:
        alike = list(_expected_where(receipt))
        if any(one.receiver == party for one in alike):
            return Hint("reply.of_another_message", concepts.REPLY, where, {"site": party})
        if others := sorted({one.receiver for one in alike}):
            return Hint("reply.of_another_site", concepts.SAME_CODE, where, {"site": party, "other": (others[0],)})
    idea = None if mismatch.code in _REPLY else concepts.CONTENT
    return Hint(_REPLY.get(mismatch.code, "reply.form"), idea, where, _told_of(mismatch))


def other_result(run: RunEvidence, wrong: WrongResult) -> Hint:
    """Explain a result that says something else."""
    mismatch, site = wrong.mismatch, wrong.expected.site
    where = code.returns(run, site, EXECUTE)
    if mismatch.code is Difference.NOT_SEEN:
        return Hint(str(mismatch.code), None, where)
    if _is_empty(wrong.result.content):
        return Hint("result.empty", concepts.RESULT, where)
    idea = concepts.RESULT if mismatch.code in _RESULT else concepts.CONTENT
    return Hint(_RESULT.get(mismatch.code, "result.form"), idea, where, _told_of(mismatch))


def _answers(receipt: Receipt) -> Places:
    """Return where the handler of a message returns: by ``nvflare.collab`` the function with the topic's name."""
    run, party, message = receipt.run, receipt.party, receipt.message
    called = message.topic if message.channel == COLLAB_CHANNEL else code.handler(run, party, message.topic)
    return code.returns(run, party, called) if called else code.definition(run, party)


def _expected_where(receipt: Receipt) -> Iterator[Expected]:
    """Yield the other messages of the same topic to which this reply would be the right one."""
    said = receipt.message.reply_content
    for pair in receipt.run.matching.pairs:
        wanted = pair.expected
        if wanted is receipt.wanted or wanted.topic != receipt.message.topic or not (said and wanted.reply_content):
            continue
        if wanted.reply_content.mismatch(said) is None:
            yield wanted


def _is_empty(content: Content | None) -> bool:
    """Return whether there is nothing but the return code."""
    return content is not None and content.kind is None and content.data == {}


def _told_of(mismatch: Mismatch) -> dict[str, Datum]:
    return {"said": mismatch.words.rstrip(".")}
