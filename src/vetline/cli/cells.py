"""Makes texts from elsewhere harmless: for terminals, for spreadsheets, for JSON. Pure.

A company may be named `\\x1b]0;owned\\x07` or `=HYPERLINK(...)`. What is shown must neither steer a terminal nor run in
a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
"""

import unicodedata
from datetime import UTC, datetime
from typing import Any, Final

from vetline.bulk.formulas import protected

# Joiners belong to scripts and emoji; every other format character can turn or hide what stands beside it.
_JOINERS: Final = frozenset("\u200c\u200d")
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_CONTROLS_IN_JSON: Final = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


def harmless(text: str, keep: str = "") -> str:
    """Return a text without characters that steer a terminal; each is shown as an escape such as `\\x1b`.

    Parameters:
        keep: characters to leave as they are, such as a line feed.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in keep or _is_plain(one) else _escaped(one) for one in text)


def _is_plain(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _UNSAFE


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def csv_cell(value: Any) -> str:
    """Return a value as a cell of a CSV file."""
    text = harmless(plain(value), keep="\n\t\r")
    return protected(text) if isinstance(value, str) else text


def table_cell(value: Any) -> str:
    """Return a value as a cell of a table, in one line."""
    return harmless(plain(value))


def json_safe(text: str) -> str:
    """Return JSON whose strings hold no control character, not even those that JSON allows."""
    return text if text.isascii() and "\x7f" not in text else text.translate(_CONTROLS_IN_JSON)


def plain(value: Any) -> str:
    """Return a value as text: nothing for `None`, `true` and `false`, dates in ISO 8601 and UTC."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return iso(value)
        case list() | tuple():
            return ", ".join(map(plain, value))
        case _:
            return str(value)


def iso(moment: datetime) -> str:
    """Return a moment as `2020-12-04T20:54:24Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
