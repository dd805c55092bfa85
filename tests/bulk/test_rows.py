"""What is read as a table, and what is refused with its line."""

import io

import pytest

from tests.cli.bulk.files import HEADER, OXFORD
from vetline.bulk.rows import MAX_LINE_BYTES, InputError, Row, read_rows

ROW = f"{OXFORD},Education,K12,example.edu,"


def read(raw: bytes | str) -> list[Row | InputError]:
    """Return what is read from a file's bytes."""
    return list(read_rows(io.BytesIO(raw.encode() if isinstance(raw, str) else raw)))


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\n{ROW}",
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"\n\n{HEADER}\n\n , ,,, \n{ROW}\n\n",
        f"{HEADER.upper()}\n{ROW}\n",
        f"customerId,Qualification,educationSegment,Website,validation code\n{ROW}\n",
        f"{HEADER},note\n{ROW},x\n",
        f'note,{HEADER}\n"two\nlines, and ""quotes""",{ROW}\n',
        f"website,{','.join(HEADER.split(',')[:3])},validation_code\nexample.edu,{OXFORD},Education,K12,\n",
    ],
)
def test_one_row_in_many_forms(raw: str) -> None:
    """Byte order mark, line ends, empty lines, casing, order and further columns do not matter."""
    (row,) = read(raw)
    assert isinstance(row, Row)
    assert row.number == 1
    assert row.cells == (OXFORD, "Education", "K12", "example.edu", "")


def test_lines_are_counted_as_an_editor_counts() -> None:
    """Also behind quoted line ends and empty lines."""
    rows = read(f'{HEADER},note\n\n{ROW},"a\nb"\n{ROW},c\n')
    assert [row.line for row in rows] == [3, 5]
    assert [row.number for row in rows if isinstance(row, Row)] == [1, 2]


def test_protection_is_taken_off() -> None:
    """The apostrophe in front of a formula in a results file is not part of the cell."""
    (row,) = read(f"{HEADER}\n{OXFORD},Education,K12,'=cmd,'plain\n")
    assert isinstance(row, Row)
    assert (row.website, row.validation_code) == ("=cmd", "'plain")


def test_a_row_of_another_length_is_named_and_the_rest_is_read() -> None:
    """It is a problem of that row alone."""
    short, good = read(f"{HEADER}\n{OXFORD},Education\n{ROW}\n")
    assert isinstance(short, InputError)
    assert short.line == 2
    assert "2 cells where the header has 5" in short.sentence
    assert isinstance(good, Row)


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"", 1, "the file is empty"),
        (b"\n \n", 1, "the file is empty"),
        (b"customer_id,qualification\n", 1, "lacks education_segment, website, validation_code"),
        (HEADER.replace(",", ";").encode(), 1, "something else than a comma"),
        (f"{HEADER},Website\n".encode(), 1, "names website more than once"),
        (f"{HEADER}\n".encode("utf-16"), 1, "UTF-16"),
        (f"{HEADER}\n{ROW}\n".encode() + b"x,\xff,,,\n", 3, "not UTF-8 (byte 3 of the line)"),
        (f"{HEADER}\r{ROW}\r".encode(), 1, "bare carriage return"),
        (f'{HEADER}\n{OXFORD},"Education\n{ROW}\n'.encode(), 2, "opened and never closed"),
        (f'{HEADER}\n{OXFORD},"Edu"cation,,,\n'.encode(), 2, "not valid CSV"),
        (f"{HEADER}\n".encode() + b"x" * (MAX_LINE_BYTES + 1), 2, "longer than"),
        (f'{HEADER}\n{OXFORD},"{"x" * 200_000}",,,\n'.encode(), 2, "never closed"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(raw: bytes, line: int, words: str) -> None:
    """And with what to do."""
    with pytest.raises(InputError) as caught:
        read(raw)
    assert caught.value.line == line
    assert words in caught.value.sentence
