"""Cells that no spreadsheet takes for a formula, and back again. Pure; any text survives the way there and back."""

import re

# What makes a spreadsheet compute, the full-width forms included; and blanks, behind which some still look.
# https://owasp.org/www-community/attacks/CSV_Injection
_DANGEROUS = re.compile("[\\s\\ufeff\\u200b\\x00]*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")


def protected(cell: str) -> str:
    """Return a cell as it is written: with an apostrophe in front where it could become a formula.

    One that begins with apostrophes before such a character gets one more, so that `unprotected` finds the way back.
    """
    return f"'{cell}" if _DANGEROUS.match(cell.lstrip("'")) else cell


def unprotected(cell: str) -> str:
    """Return a cell as it was before `protected`."""
    return cell[1:] if cell.startswith("'") and _DANGEROUS.match(cell.lstrip("'")) else cell
