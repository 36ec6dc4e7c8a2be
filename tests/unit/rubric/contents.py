"""Contents that hypothesis draws: whatever a message can say."""

from hypothesis import strategies as st

from autograder.simulator.network.content import Array, Content, ContentFault, Opaque, Value, digest_of

NUMBERS = st.one_of(st.integers(-(2**63), 2**64 - 1), st.floats())
SCALARS: st.SearchStrategy[Value] = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8))


@st.composite
def arrays(draw: st.DrawFn) -> Array:
    """An array of floats, or one of which only the digest is known."""
    values = tuple(draw(st.lists(st.floats(width=32), max_size=4)))
    digest = digest_of(repr(values).encode())
    return Array("float32", (len(values),), draw(st.sampled_from((values, None))), digest)


def values() -> st.SearchStrategy[Value]:
    """Any value: scalars, lists and dicts of them, arrays and what is opaque."""
    leaves = st.one_of(SCALARS, arrays(), st.just(Opaque("bytes", "d")))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=8,
    )


def plain_values() -> st.SearchStrategy[Value]:
    """Values that an author can write down."""
    leaves = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=8,
    )


def contents() -> st.SearchStrategy[Content]:
    """Any content."""
    return st.builds(
        Content,
        st.one_of(st.none(), st.text(max_size=8)),
        values(),
        st.dictionaries(st.text(max_size=5), values(), max_size=2),
        st.one_of(st.none(), st.sampled_from(ContentFault)),
        st.just(""),
    )
