"""The vocabulary is open on reading and never mistakes one word for another."""

from hypothesis import given
from hypothesis import strategies as st

from tests.wire.spelling import QUALIFICATIONS, in_any_case, spelled
from vetline.wire import words


@given(st.data(), QUALIFICATIONS)
def test_any_spelling_of_a_qualification(data: st.DataObject, name: str) -> None:
    """Casing and separators do not matter."""
    assert words.qualification_named(data.draw(spelled(name))) == name


@given(QUALIFICATIONS)
def test_the_number_of_a_qualification(name: str) -> None:
    """The enum's integer, as a number or as a text."""
    number = words.QUALIFICATIONS.index(name)
    assert words.qualification_named(number) == name
    assert words.qualification_named(f" {number} ") == name


@given(st.integers().filter(lambda number: not 0 <= number < len(words.QUALIFICATIONS)))
def test_other_numbers_are_unknown(number: int) -> None:
    """A sign, a leading zero or another digit is no spelling of a number."""
    assert words.qualification_named(number) is None
    assert words.qualification_named(str(number)) is None


@given(st.sampled_from(("-1", "+1", "1-", "_1", "01", "1.0", "1 3", "0x1", "\u0661", "\u00b9", "1\u0000")))
def test_nearly_numbers_are_unknown(text: str) -> None:
    """What only looks like a number is none."""
    assert words.qualification_named(text) is None


@given(st.text())
def test_other_texts_are_unknown(text: str) -> None:
    """Only the letters of a name, once casing and separators are gone, name it."""
    bare = text.translate(str.maketrans("", "", "_- ")).lower()
    known = {name.lower() for name in words.QUALIFICATIONS} | set("01234")
    assert words.qualification_named(text) is None or bare in known


@given(st.data(), st.sampled_from(words.SEGMENTS))
def test_any_spelling_of_a_segment(data: st.DataObject, name: str) -> None:
    """Segments are read like qualifications."""
    assert words.segment_named(data.draw(spelled(name))) == name


@given(st.data(), st.sampled_from(words.REASONS))
def test_any_casing_of_a_reason(data: st.DataObject, text: str) -> None:
    """Of a reason only the casing is free."""
    assert words.reason_named(data.draw(in_any_case(text))) == text


@given(QUALIFICATIONS)
def test_the_synchronous_spelling_is_read_back(name: str) -> None:
    """What the older generation is answered, it may send."""
    assert words.qualification_named(words.SYNCHRONOUS[name]) == name
