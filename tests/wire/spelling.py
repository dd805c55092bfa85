"""The many ways in which clients write the same word, as hypothesis strategies."""

from hypothesis import strategies as st

from vetline.wire import words


@st.composite
def spelled(draw: st.DrawFn, name: str) -> str:
    """Return a name in any casing, with separators anywhere."""
    letters = [draw(st.sampled_from((letter.lower(), letter.upper()))) for letter in name]
    gaps = [draw(st.sampled_from(("", "", "", "_", "-", " "))) for _ in letters]
    return "".join(gap + letter for gap, letter in zip(gaps, letters, strict=True))


def in_any_case(text: str) -> st.SearchStrategy[str]:
    """Return a text in any casing."""
    return st.tuples(*(st.sampled_from((letter.lower(), letter.upper())) for letter in text)).map("".join)


SETTABLE = st.sampled_from(sorted(words.SETTABLE))
QUALIFICATIONS = st.sampled_from(words.QUALIFICATIONS)

# Whatever JSON there is, deep enough to surprise and small enough to be quick.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
