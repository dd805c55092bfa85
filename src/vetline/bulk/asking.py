"""What a row asks for, and what is wrong with it in words. Pure: the service's own rules, before anything is sent."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from vetline.bulk.rows import Row
from vetline.wire import words
from vetline.wire.paths import guid_of
from vetline.wire.reading import MAX_TEXT

MAX_CODE: Final = 128
_SHOWN = 60
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CHOICE = f"give {words.EDUCATION}, {words.GOVERNMENT} or {words.STATE_OWNED}"


class Asked(NamedTuple):
    """What is sent for a row. Segment and website count for Education, the code for GCC; else they are left out."""

    customer: str
    qualification: str
    segment: str | None
    website: str | None
    code: str | None


def asked(row: Row) -> Asked:
    """Return what a row without `problems` asks for."""
    qualification = words.qualification_named(row.qualification) or ""
    education, government = qualification == words.EDUCATION, qualification == words.GOVERNMENT
    return Asked(
        customer=guid_of(row.customer_id.strip()) or "",
        qualification=qualification,
        segment=words.segment_named(row.education_segment) if education else None,
        website=row.website.strip() or None if education else None,
        code=row.validation_code.strip() or None if government else None,
    )


def problems(row: Row) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with a row, and what to write instead."""
    if guid_of(row.customer_id.strip()) is None:
        yield f"customer_id {_shown(row.customer_id)} is no GUID: give the customer's tenant ID."
    match words.qualification_named(row.qualification):
        case None:
            yield f"qualification {_shown(row.qualification)} is not known: {_CHOICE}."
        case words.EDUCATION:
            yield from _segment(row.education_segment)
            yield from _text("website", row.website, MAX_TEXT)
        case words.GOVERNMENT:
            yield from _code(row.validation_code)
        case name if name not in words.SETTABLE:
            yield f"qualification {_shown(row.qualification)} cannot be set: {_CHOICE}."


def _segment(cell: str) -> Iterator[str]:
    if cell.strip() and words.segment_named(cell) is None:
        what = f"education_segment {_shown(cell)} is not known"
        yield f"{what}: give {' or '.join(words.SEGMENTS)}, or leave it empty."


def _code(cell: str) -> Iterator[str]:
    if not cell.strip():
        yield f"{words.GOVERNMENT} needs a validation_code: `vetline codes list` shows yours."
    yield from _text("validation_code", cell, MAX_CODE)


def _text(name: str, cell: str, limit: int) -> Iterator[str]:
    text = cell.strip()
    if len(text) > limit:
        yield f"{name} has {len(text):,} characters: give at most {limit:,}."
    if _UNPRINTABLE.search(text):
        yield f"{name} {_shown(text)} holds a line end or another control character: take it out."


def _shown(text: str) -> str:
    """Return a text that is safe to print, shortened."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return f"'{_UNPRINTABLE.sub('?', short)}'"
