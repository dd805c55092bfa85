"""A file that somebody uploads is read as the command line reads it: what is no table is refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.bulk.files import HARVARD, HEADER, OXFORD, TAILSPIN
from vetline.bulk.rows import MAX_LINE_BYTES, InputError
from vetline.console.uploads import intake
from vetline.console.uploads.intake import MAX_BYTES, MAX_ROWS, drafts_in
from vetline.desk.uploads import Draft
from vetline.store.uploads import Wanted
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Programme, Segment

ROW = f"{OXFORD},Education,K12,example.edu,"


def drafts(text: str | bytes) -> list[Draft]:
    """Return the rows of a file."""
    return list(drafts_in(text.encode() if isinstance(text, str) else text))


def test_rows_are_put_into_our_words() -> None:
    """Whatever their spelling; what does not count for a qualification is left out."""
    rows = [
        f"{{{OXFORD.upper()}}},education,higher_education, example.edu ,ignored",
        f"{HARVARD},3,ignored,ignored, 12345 ",
        f"{TAILSPIN},state_owned_entity,,,",
    ]
    found = drafts(f"\ufeff{HEADER}\r\n" + "\r\n".join(rows))
    assert [one.wanted for one in found] == [
        Wanted(OXFORD, Programme.EDUCATION, Claim(Segment.HIGHER, "example.edu")),
        Wanted(HARVARD, Programme.GOVERNMENT, Claim(), "12345"),
        Wanted(TAILSPIN, Programme.STATE_OWNED),
    ]
    assert [(one.line, one.sentence) for one in found] == [(2, ""), (3, ""), (4, "")]
    assert found[0].cells[3] == " example.edu "


def test_every_bad_row_says_what_is_wrong() -> None:
    """Not only the first ones; all its problems, repetitions and missing cells among them."""
    lines = [ROW, ROW, f"{HARVARD},Education", *(f"x{number},Educaton,,," for number in range(100))]
    found = drafts("\n".join([HEADER, *lines]))
    assert [bool(one.sentence) for one in found] == [False] + [True] * 102
    assert [one.wanted is None for one in found] == [False] + [True] * 102
    assert "already on line 2" in found[1].sentence
    assert "2 cells where the header has 5" in found[2].sentence
    assert "no GUID" in found[3].sentence
    assert "'Educaton' is not known" in found[3].sentence


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (HEADER.encode(), "no row"),
        (b"customer_id,qualification\n", "lacks education_segment"),
        (HEADER.replace(",", ";").encode(), "something else than a comma"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "UTF-16"),
        (f"{HEADER}\n{ROW}\n".encode() + b"x,\xff,,,\n", "not UTF-8"),
        (f'{HEADER}\n{ROW}\n{OXFORD},"Education\n'.encode(), "never closed"),
        (f"{HEADER}\n".encode() + b"x" * (MAX_LINE_BYTES + 1), "longer than"),
        (b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)), "save the file as CSV"),
        (b"x" * (MAX_BYTES + 1), "larger than 10 MiB"),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, words: str) -> None:
    """At once, before anything of it is kept; also when only its end is no table."""
    with pytest.raises(InputError) as caught:
        drafts_in(raw)
    assert words in caught.value.sentence


def test_no_more_rows_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself is allowed."""
    assert MAX_ROWS == 100_000
    monkeypatch.setattr(intake, "MAX_ROWS", 2)
    assert len(drafts("\n".join([HEADER, "a,,,,", "b,,,,"]))) == 2
    with pytest.raises(InputError, match="more than 2 rows"):
        drafts_in("\n".join([HEADER, "a,,,,", "b,,,,", "c,,,,"]).encode())


@given(
    st.binary(max_size=300) | st.lists(st.text(max_size=20), max_size=12).map(lambda parts: ",".join(parts).encode())
)
def test_whatever_comes_is_read_or_refused(rest: bytes) -> None:
    """Each row is either valid or says why not, and stands on a line of its own."""
    try:
        found = drafts(f"{HEADER}\n".encode() + rest)
    except InputError:
        return
    assert len({one.line for one in found}) == len(found)
    assert all((one.wanted is None) == bool(one.sentence) for one in found)
