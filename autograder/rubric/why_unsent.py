"""Why a message was not sent, or not as it should be: the hints of the checks of sending, with the lines at fault."""

from collections.abc import Sequence

from autograder.evidence.content import Difference, Mismatch
from autograder.evidence.model import Message, TaskResult
from autograder.rubric import code, diagnosis, ideas, values, why_nothing_sent
from autograder.rubric.hints import Hint, of_exception
from autograder.rubric.matchers import APP_DEFINED
from autograder.rubric.model import Played
from autograder.rubric.why_nothing_sent import EXECUTE, SENDS, ended, not_returned, where_given
from autograder.rubric.why_nothing_sent import nothing as nothing
from autograder.simulator.scenario import SERVER

_MOST_NAMES = 10
_LONGEST_NAME = 100


def sent(run: Played, site: str, to: str | None = None) -> list[Message]:
    """The messages that a site sent when it was asked to, to everybody or to one receiver."""
    return [m for m in run.evidence.messages if m.sender == site and to in (None, m.receiver) and not m.early]


def anything_sent(run: Played, site: str) -> bool:
    """Whether a site sent a message, be it to itself."""
    return bool(sent(run, site)) or site in run.evidence.to_self


def other_topics(run: Played, site: str, topic: str) -> list[str]:
    """The topics of a site's messages that are not the one that is asked for, as they are written in code."""
    return sorted({repr(m.topic[:_LONGEST_NAME]) for m in sent(run, site) if m.topic != topic})


def missing(run: Played, site: str, receivers: Sequence[str]) -> Hint:
    """Why some receivers got nothing from a site."""
    if not anything_sent(run, site):
        return nothing(run, site)
    wanted = next(pair.expected.topic for pair in run.matching.sent_by(site))
    if others := other_topics(run, site, wanted):
        told = f"Your messages have the topic {listed(others)}. Receivers listen to {wanted!r}."
        return Hint(told, ideas.TOPIC, where_given(run, site, "topic"))
    reached, targets = {m.receiver for m in sent(run, site)}, where_given(run, site, "targets")
    if reached == {SERVER} and not _inherits_sending(run, site):
        return _only_the_server(run, site)
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        return of_exception(f"execute raised {raised}, and {listed(receivers)} had got nothing by then.")
    if not reached:
        told = f"{site} sent only to itself. Compare each name with fl_ctx.get_identity_name() before you send to it."
        return Hint(told, ideas.SAME_CODE, targets)
    if site in run.evidence.to_self and len(receivers) == 1:
        return _taken_for(run, site, receivers[0])
    if _inherits_sending(run, site):
        told = f"At {site} nothing goes to {listed(receivers)}. Whom does the execute that you inherit send to?"
        return Hint(told, ideas.TARGETS, code.calls(run, site, EXECUTE, method=EXECUTE))
    told = f"At {site} your targets leave out {listed(receivers)}. Print them: whom do they hold at each site?"
    return Hint(told, ideas.TARGETS, targets)


def too_early(run: Played, site: str) -> Hint:
    """Of a site that sent before it was asked to."""
    return Hint(why_nothing_sent.TOO_EARLY, ideas.TASK, code.calls(run, site, *SENDS, every=True))


def to_itself(run: Played, site: str) -> Hint:
    """Of a site that sent to itself."""
    told = "Leave your own site out of the targets: fl_ctx.get_identity_name() is its name."
    return Hint(told, ideas.SAME_CODE, where_given(run, site, "targets"))


def to_strangers(run: Played, site: str, names: Sequence[str]) -> Hint:
    """Of a site that sent to somebody of whom nobody had spoken."""
    where = where_given(run, site, "targets")
    if {message.receiver for message in sent(run, site)} == {SERVER}:
        return _only_the_server(run, site)
    if names == [SERVER]:
        told = "The server got a message as well, and nobody asked for one to it here. Whom do your targets name?"
        return Hint(told, ideas.TARGETS, where)
    told = f"Nobody asked for a message to {listed(names)} here. Which of your targets is that?"
    return Hint(told, ideas.TARGETS, where)


def repeated(run: Played, site: str) -> Hint:
    """Of a site that sent to the same receiver again."""
    where = code.calls(run, site, *SENDS, EXECUTE, method=EXECUTE, every=True) or code.calls(run, site, *SENDS)
    if _inherits_sending(run, site):
        told = "Each receiver should get one message. The execute that you inherit sends as well: to whom?"
    elif values.number_of_calls(run, site, *SENDS) > 1:
        told = "Each receiver should get one message. You send in more places than one: who gets it from which?"
    else:
        told = "Each receiver should get one message. Is there a loop around a call with all targets?"
    return Hint(told, ideas.TARGETS, where)


def other_content(run: Played, site: str, message: Message, mismatch: Mismatch) -> Hint:
    """Of a message that does not say what is asked for."""
    if mismatch.code in (Difference.UNREADABLE, Difference.NO_DXO):
        told = "Wrap your data in a DXO and turn that into a Shareable; a bare Shareable does not say what it holds."
        return Hint(told, ideas.CONTENT, where_given(run, site, "request"))
    if mismatch.code is Difference.VALUE and isinstance(mismatch.seen, str):
        return _other_text(run, site, mismatch.seen)
    return Hint(_told_of(mismatch), ideas.CONTENT, _content(run, site))


def _told_of(mismatch: Mismatch) -> str:
    """What to look at where the content of a message is not as it was asked for."""
    match mismatch.code:
        case Difference.NO_KEY:
            return f'The receivers look for the key "{mismatch.at}" in the DXO\'s data. Compare yours letter by letter.'
        case Difference.OTHER_KEY:
            return f"Nobody asked for {mismatch.seen!r} in the data. Which keys do the receivers look for?"
        case Difference.TYPE if mismatch.wanted == "str":
            return f'What stands under the key "{mismatch.at}" has to be one text, a str.'
        case Difference.TYPE:
            return f"What stands at {mismatch.at or 'the data'} is of another type than the receivers expect."
        case Difference.KIND if mismatch.wanted == APP_DEFINED:
            return "The data kind tells the receiver how to read the data. For data of your own it is APP_DEFINED."
        case Difference.KIND:
            return "The data kind tells the receiver how to read the data. Which one is asked for?"
        case Difference.SHAPE | Difference.TOO_MANY:
            return "The array has another shape than the one that is asked for. What does it hold, and how much of it?"
        case Difference.VALUE:
            return (
                "Compute by hand what the message should say here. From which values does your code make it, and when?"
            )
        case Difference.SAID:
            return f"Compare what the message says with what is asked for: {mismatch.words.rstrip('.')}."
    return "Compare what the message says with what is asked for."


def _other_text(run: Played, site: str, text: str) -> Hint:
    """Of a message with another text."""
    others = [name for name in run.scenario.executors if name != site and name in text]
    if others:
        told = f"At {site} the message names {others[0]}. Take the site's own name from fl_ctx instead of writing one."
        return Hint(told, ideas.SAME_CODE, values.texts(run, site, others[0]) or _content(run, site))
    told = "Compare the text letter by letter with the one that is asked for; the name in it is the sender's own."
    return Hint(told, where=_content(run, site))


def no_result(run: Played, site: str) -> Hint:
    """Why no result of ``execute`` came from a site that sent something."""
    if absent := diagnosis.why_absent(run, site):
        return Hint(absent, blocks=True)
    return ended(run, site) if site in run.evidence.quit else not_returned(run, site)


def other_result(run: Played, site: str, result: TaskResult) -> Hint:
    """Why the result of ``execute`` is not ``OK``."""
    # NVFlare turns a RuntimeError, which NotImplementedError is, into the code of a result that cannot be used.
    if raised := diagnosis.raised_in(run, site, EXECUTE):
        told = f"execute raised {raised}."
        if raised.startswith("NotImplementedError"):
            told += " That line stood for the code that was missing. Is it still needed?"
        return of_exception(told)
    if kind := diagnosis.kind_of_result(run, site):
        return why_nothing_sent.never_awaited(run, site) or _no_shareable(run, site, kind)
    # Whatever else the code is called, NVFlare has logged nothing for which it would have set it itself.
    told = "make_reply takes the return code; for a task that went well it is ReturnCode.OK."
    where = values.returns_after(run, site, EXECUTE, SENDS, result.return_code)
    return Hint(told, ideas.RESULT, where or code.returns(run, site, EXECUTE))


def _no_shareable(run: Played, site: str, kind: str) -> Hint:
    told = "execute has to return a Shareable, on every path."
    if kind == "None":
        where = values.ends_open(run, site, EXECUTE, SENDS) or code.returns(run, site, EXECUTE)
        return Hint(f"{told} Does it come to its end without one, and so return None?", ideas.RESULT, where)
    where = values.returns_after(run, site, EXECUTE, SENDS) or code.returns(run, site, EXECUTE)
    return Hint(f"{told} At {site} it returned {kind}.", ideas.RESULT, where)


def _only_the_server(run: Played, site: str) -> Hint:
    told = "Only the server got it. Whom do your targets name?"
    return Hint(told, ideas.TARGETS, where_given(run, site, "targets"))


def _taken_for(run: Played, site: str, other: str) -> Hint:
    """Of a site that did what would be right at another one."""
    told = (
        f"{site} sends to itself and not to {listed([other])}, as would be right at {listed([other])}. "
        "Where does your code take its own name from?"
    )
    return Hint(told, ideas.SAME_CODE, values.texts(run, site, other) or where_given(run, site, "targets"))


def _content(run: Played, site: str) -> str:
    """Where the content of the messages is made."""
    return code.calls(run, site, "DXO", "to_shareable", *SENDS)


def _inherits_sending(run: Played, site: str) -> bool:
    """Whether ``execute`` calls the one that it inherits, which sends too."""
    return bool(code.calls(run, site, EXECUTE, method=EXECUTE))


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, of many the first: the server is not called by a name."""
    said = ["the server" if name == SERVER else name[:_LONGEST_NAME] for name in names[:_MOST_NAMES]]
    said += [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
