"""The words for what is wrong in a message, and for what was asked for."""

from autograder.rubric.matchers import APP_DEFINED, AnyOf, Close, Equals, Text, plain
from autograder.simulator.network.content import Difference, Matcher, Mismatch, Value, shown_value
from autograder.simulator.scenario import Expected

_UNREADABLE = "it holds no DXO"


def asked_for(wanted: Expected) -> str:
    """Return what a message is to say, as a part of a sentence."""
    return asked_for_in(wanted.content, wanted.called, "a message")


def asked_for_in(matcher: Matcher, called: str, holder: str) -> str:
    """Return what something is to say, as a part of a sentence.

    Args:
        called: its name, where that tells more than the matcher can.
        holder: what it is, such as ``a message``.
    """
    if isinstance(matcher, AnyOf) and matcher.options:
        matcher = matcher.options[0]
    match matcher:
        case Text():
            return f'an {matcher.kind} DXO with data["{matcher.key}"] == {matcher.value!r}'
        case Equals() | Close():
            within = _tolerance(matcher) if isinstance(matcher, Close) else ""
            form = f"a DXO of kind {matcher.kind} with" if matcher.kind else "a Shareable with"
            return f"{form} {shown_value(plain(matcher.data))}{within}"
    return f"{holder} that says “{called}”" if called else f"{holder} as asked for"


def asked_for_everywhere(wanted: Expected) -> str:
    """Return what messages like this one are to say, whoever sends them, as a part of a sentence."""
    if isinstance(wanted.content, Text):
        return f'an {wanted.content.kind} DXO with data["{wanted.content.key}"] of the right text'
    return "what each message is asked to say"


def _tolerance(matcher: Close) -> str:
    told = [f"{matcher.atol:g}"] if matcher.atol else []
    told += [f"{matcher.rtol:g} of the number"] if matcher.rtol else []
    return f", within {' and '.join(told)}" if told else ""


def seen(mismatch: Mismatch, message: str) -> str:
    """Return what was seen in place of what was asked for, of a message that is called in these words."""
    match mismatch.code:
        case Difference.NOT_SEEN:
            return f"nobody saw what {message} says"
        case Difference.KIND:
            return f"{message} has the data kind {mismatch.seen}"
        case Difference.VALUE if isinstance(mismatch.seen, str):
            return f"{message} says {mismatch.seen!r}"
        case Difference.VALUE:
            return f"{message} says {_called(mismatch)}{shown_value(mismatch.seen)}"
    return f"{message}: {instead(mismatch)}"


def instead(mismatch: Mismatch) -> str:
    """Return what is not as it was asked for, as a remark of its own."""
    at, wanted, found = mismatch.at, mismatch.wanted, mismatch.seen
    match mismatch.code:
        case Difference.UNREADABLE | Difference.NO_DXO:
            return _UNREADABLE
        case Difference.KIND:
            return f"its data kind is {found}, not {wanted or APP_DEFINED}"
        case Difference.NO_KEY:
            return f'its data has no "{at}"; it has {_keys(found)}'
        case Difference.OTHER_KEY:
            return f"its data has {found!r}, which nobody asked for"
        case Difference.TYPE:
            return f"{_place(at)} is of type {found}, not {wanted}"
        case Difference.SHAPE:
            return f"{_place(at)} has the shape {_shape(found)}, not {_shape(wanted)}"
        case Difference.TOO_MANY:
            return f"{_place(at)} has more values than are looked at"
        case Difference.SAID:
            return mismatch.words
        case Difference.NOT_SEEN:
            return "nobody saw what it says"
    return f"it should say {_called(mismatch)}{_quoted(wanted)}"


def _called(mismatch: Mismatch) -> str:
    """Return the place of a number in words; a text needs none."""
    return "" if isinstance(mismatch.wanted, str) or not mismatch.at else f"{mismatch.at}: "


def _quoted(value: Value) -> str:
    return f"“{value}”" if isinstance(value, str) else shown_value(value)


def _place(at: str) -> str:
    return f'data["{at}"]' if at.isidentifier() else f"the data's {at}" if at else "its data"


def _shape(shape: Value) -> str:
    return " × ".join(map(str, shape)) or "none" if isinstance(shape, tuple) else str(shape)


def _keys(keys: Value) -> str:
    listed = [repr(str(key))[:40] for key in keys[:5]] if isinstance(keys, tuple) else []
    return ", ".join(listed) or "nothing"
