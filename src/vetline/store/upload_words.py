"""The words of uploads as columns hold them, the same in every store."""

from typing import Any

from vetline.store import documents
from vetline.store.uploads import RowState, Trouble, UploadState, Wanted, Why
from vetline.vetting.refusals import Refusal
from vetline.vetting.words import Programme, Reason, Stage

UPLOAD_STATES = {state.value: state for state in UploadState}
ROW_STATES = {state.value: state for state in RowState}
WHYS: dict[str | None, Why] = {why.value: why for why in (*Refusal, *Trouble)}
STAGES: dict[str | None, Stage] = {stage.value: stage for stage in Stage}
REASONS: dict[str | None, Reason] = {reason.value: reason for reason in Reason}


def wanted_of(customer: str, programme: str | None, claim: str, code: str) -> Wanted | None:
    """Return what a row asks for, from its columns; those of a row that is not valid are null."""
    return Wanted(customer, Programme(programme), documents.claim_of(claim), code) if programme else None


def wanted_columns(wanted: Wanted | None) -> tuple[Any, ...]:
    """Return the programme, the claim and the code as columns hold them."""
    if wanted is None:
        return None, None, None
    return wanted.programme.value, documents.text_of(wanted.claim), wanted.code
