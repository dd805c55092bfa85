"""Every row is looked at before the first is sent."""

from pathlib import Path

import pytest

from tests.cli.bulk.files import HARVARD, OXFORD, education, government, state_owned, written
from vetline.bulk.checking import SHOWN, check
from vetline.bulk.rows import InputError

OTHER = HARVARD


def sentences(path: Path) -> list[tuple[int, str]]:
    """Return what the check says of a file."""
    return [(one.line, one.sentence) for one in check(path).findings.first]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (education("no-guid"), "customer_id 'no-guid' is no GUID"),
        (education(""), "customer_id '' is no GUID"),
        ((OXFORD, "Educaton", "", "", ""), "qualification 'Educaton' is not known: give Education,"),
        ((OXFORD, "", "", "", ""), "qualification '' is not known"),
        ((OXFORD, "None", "", "", ""), "cannot be set"),
        ((OXFORD, "Education", "College", "", ""), "education_segment 'College' is not known: give K12"),
        (education(OXFORD, "x" * 2049), "website has 2,049 characters"),
        (education(OXFORD, "a\nb"), "website 'a?b' holds a line end"),
        (education(OXFORD, "a\x1b[31mb"), "website 'a?[31mb' holds"),
        (government(OXFORD, " "), "needs a validation_code"),
        (government(OXFORD, "1" * 129), "validation_code has 129 characters"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: tuple[str, ...], words: str) -> None:
    """With its line and what to write instead."""
    ((line, sentence),) = sentences(written(tmp_path / "in.csv", [education(OTHER), row]))
    assert line == 3
    assert words in sentence


@pytest.mark.parametrize(
    "row",
    [
        (f" {{{OXFORD.upper()}}} ", "education", "higher_education", " example.edu ", ""),
        (OXFORD, "1", "", "", "ignored for Education"),
        (OXFORD, "government_community_cloud", "ignored", "x" * 5000, " 12345 "),
        state_owned(OXFORD),
    ],
)
def test_any_spelling_of_the_service_is_understood(tmp_path: Path, row: tuple[str, ...]) -> None:
    """What does not count for a qualification is not looked at."""
    assert sentences(written(tmp_path / "in.csv", [row])) == []


def test_repetitions_are_named_with_the_line_they_repeat(tmp_path: Path) -> None:
    """Also where two spellings are one customer; Education and GCC exclude each other, StateOwnedEntity nothing."""
    rows = [
        education(OXFORD),
        state_owned(OXFORD),
        education(OTHER),
        education(f"{{{OXFORD.upper()}}}"),
        government(OTHER),
    ]
    found = dict(sentences(written(tmp_path / "in.csv", rows)))
    assert found.keys() == {5, 6}
    assert "already on line 2" in found[5]
    assert "line 4 asks for Education" in found[6]


def test_only_the_first_problems_are_kept(tmp_path: Path) -> None:
    """All of them are counted."""
    found = check(written(tmp_path / "in.csv", [education(f"x{number}") for number in range(1000)])).findings
    assert len(found.first) == SHOWN
    assert found.count == 1000


def test_a_header_alone_is_no_input(tmp_path: Path) -> None:
    """There would be nothing to do, and nobody would notice."""
    assert "no row" in sentences(written(tmp_path / "in.csv", []))[0][1]


def test_a_file_that_changes_is_noticed(tmp_path: Path) -> None:
    """Between the check and the sending nobody may exchange rows."""
    path = written(tmp_path / "in.csv", [education(OXFORD), education(OTHER)])
    checked = check(path)
    assert [row.number for row in checked.again()] == [1, 2]
    for changed in ([education(OXFORD, "x"), education(OTHER)], [education(OXFORD)], [education(OXFORD)] * 3):
        written(path, changed)
        with pytest.raises(InputError, match="after it was checked"):
            list(checked.again())


def test_no_more_rows_than_allowed(tmp_path: Path) -> None:
    """What lies behind them is not looked at; as many as are allowed are no problem."""
    path = written(tmp_path / "in.csv", [education(OXFORD), education(OTHER), education("no-guid")])
    found = check(path, max_rows=1).findings
    assert [(one.line, one.sentence) for one in found.first] == [(3, "there are more than 1 rows: divide the file.")]
    assert [one.line for one in check(path, max_rows=3).findings.first] == [4]


def test_as_many_sentences_as_asked_for(tmp_path: Path) -> None:
    """Whoever has room for all of them keeps all."""
    found = check(written(tmp_path / "in.csv", [education(f"x{number}") for number in range(50)]), kept=40).findings
    assert (len(found.first), found.count) == (40, 50)
