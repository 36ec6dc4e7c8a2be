"""Finds requests that nothing tells apart, although their receiver has to answer each in another way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from autograder.release.fault import Wrong
from autograder.rubric.matchers import AnyOf, Close, Equals, Text, plain
from autograder.rubric.matching import mismatch_of
from autograder.simulator.network.content import Content, Matcher
from autograder.simulator.scenario import Expected


def ambiguous_in(way: str, expected: Sequence[Expected]) -> Iterator[Wrong]:
    """Find the first two requests of a way that say the same and are to be answered differently.

    Which of the two a message stands for would be decided by the order in which messages pass, and the answer judged by
    that. They are named by their places, since what they say may be drawn.
    """
    for (first, one), (second, other) in combinations(enumerate(expected, start=1), 2):
        if _alike(one, other) and (one.reply != other.reply or _has_no_common_answer(one, other)):
            yield Wrong("expected.reply_ambiguous", {"way": way, "first": first, "second": second})
            return


def _alike(one: Expected, other: Expected) -> bool:
    """Return whether each is met by what the other one asks for."""
    same = (one.content, one.key) == (other.content, other.key)
    return same or (_is_met_by(one, other) and _is_met_by(other, one))


def _has_no_common_answer(one: Expected, other: Expected) -> bool:
    """Return whether what the reply to each has to say is wrong for the other, as far as that can be made up."""
    if one.reply_content is None or other.reply_content is None:
        return False
    first = replace(one, content=one.reply_content, key={})
    second = replace(other, content=other.reply_content, key={})
    made_up = [*_contents(first.content, first), *_contents(second.content, second)]
    return bool(made_up) and not any(_is_met(first, answer) and _is_met(second, answer) for answer in made_up)


def _is_met(wanted: Expected, content: Content) -> bool:
    return mismatch_of(wanted, content) is None


def _is_met_by(one: Expected, other: Expected) -> bool:
    """Return whether an expectation is met by all that another one asks for, as far as that can be made up."""
    asked_for = [content for content in _contents(other.content, other) if _is_met(other, content)]
    return bool(asked_for) and all(_is_met(one, content) for content in asked_for)


def _contents(matcher: Matcher, wanted: Expected) -> list[Content]:
    """Return contents as a matcher asks for them; none where it accepts what cannot be made up."""
    match matcher:
        case Equals(kind=kind, data=data, meta=meta) | Close(kind=kind, data=data, meta=meta):
            return [Content(kind, plain(data), {key: plain(value) for key, value in (meta or {}).items()})]
        case Text(key=key, value=value, kind=kind):
            return [Content(kind, {**wanted.key, key: value})]
        case AnyOf(options=options):
            found = [_contents(option, wanted) for option in options]
            return [content for contents in found for content in contents] if all(found) else []
    return []
