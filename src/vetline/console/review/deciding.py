"""What a reviewer's form asks for: an approval, or a denial with one of the seven reasons."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException

from vetline.vetting.commands import Approve, Deny
from vetline.vetting.words import Reason

APPROVE = "approve"
LONGEST_NOTE = 2_000


def command_of(form: Mapping[str, str], actor: str) -> Approve | Deny:
    """Return the decision that a form asks for.

    Raises:
        HTTPException: it asks for none.
    """
    note, outcome = note_of(form), form.get("outcome", "")
    if outcome == APPROVE:
        return Approve(actor, note)
    try:
        return Deny(actor, Reason(outcome), note)
    except ValueError:
        raise HTTPException(400) from None


def note_of(form: Mapping[str, str]) -> str:
    """Return a form's note for the staff; a browser ends lines with two characters."""
    return form.get("note", "").strip().replace("\r\n", "\n")[:LONGEST_NOTE]


def version_of(form: Mapping[str, str]) -> int:
    """Return the version of the case that the form was made for.

    Raises:
        HTTPException: it names none.
    """
    text = form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise HTTPException(400)
    return int(text)
