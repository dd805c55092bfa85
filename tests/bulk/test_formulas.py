"""No cell of the results is a formula, and none of them is changed for the next run that reads it."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from vetline.bulk.formulas import protected, unprotected

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@given(st.text())
@example("=1+1")
@example("'=1+1")
@example("''=1+1")
@example(" \t@x")
@example("\ufeff=x")
@example("'")
def test_any_text_survives(text: str) -> None:
    """Protected and read again, a cell is what it was."""
    assert unprotected(protected(text)) == text


@given(st.text(alphabet=st.sampled_from([*FORMULAS, " ", "\n", "\u00a0", "\u3000", "\ufeff", "'", "a"])))
def test_no_cell_is_a_formula(text: str) -> None:
    """Not after blanks either."""
    cell = protected(text)
    assert not cell.lstrip(" \n\v\f\u00a0\u3000\ufeff").startswith(FORMULAS)


@given(st.text())
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    """Only what is dangerous is touched."""
    cell = protected(text)
    assert cell == text or (cell == f"'{text}" and any(one in text for one in (*FORMULAS, "\n")))


@given(st.lists(st.text(), min_size=1))
def test_cells_survive_the_file(cells: list[str]) -> None:
    """Through a CSV file, too."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow([protected(cell) for cell in cells])
    file.seek(0)
    assert [unprotected(cell) for cell in next(csv.reader(file, strict=True), [""])] == cells
