"""Texts from elsewhere are harmless, whatever they hold."""

import csv
import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.bulk.formulas import unprotected
from vetline.cli.cells import csv_cell, harmless, iso, json_safe, table_cell
from vetline.sdk.dates import moment_of

anything = st.text(st.characters())


steering = st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Lu"]))


@given(anything | steering)
def test_nothing_steers_a_terminal(text: str) -> None:
    """No control character, no turn of direction and no line end survives in a cell."""
    kinds = {unicodedata.category(one) for one in table_cell(text) if one not in "\u200c\u200d"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "M"])))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    """Names of all scripts are shown as they are."""
    assert harmless(text) == text


@given(anything)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    """Nothing that a spreadsheet would run comes first, not even after blanks."""
    assert not csv_cell(text).lstrip(" \n\v\f\u00a0\u3000").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(anything)
def test_a_csv_cell_is_read_back(text: str) -> None:
    """What has no control characters comes back as it was, formulas by way of `unprotected`."""
    line = io.StringIO()
    csv.writer(line).writerow([csv_cell(text), "end"])
    (read,) = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert read[1] == "end"
    if harmless(text, keep="\n\t\r") == text:
        assert unprotected(read[0]) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_stays_the_same_document(text: str) -> None:
    """Escapes in place of control characters change nothing for a reader."""
    shown = json_safe(json.dumps(text, ensure_ascii=False))
    assert json.loads(shown) == text
    assert not any("\x7f" <= one < "\xa0" for one in shown)


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "\u00a0=1"])
def test_formulas_get_an_apostrophe(text: str) -> None:
    """Each form that spreadsheets take for a formula."""
    assert csv_cell(text) == f"'{text}"


def test_numbers_are_no_formulas() -> None:
    """A negative number stays one."""
    assert csv_cell(-1) == "-1"


def test_dates_are_in_utc() -> None:
    """Whatever zone a date came in."""
    moment = moment_of("2020-12-04T21:54:24+01:00")
    assert moment is not None
    assert iso(moment) == "2020-12-04T20:54:24Z"
