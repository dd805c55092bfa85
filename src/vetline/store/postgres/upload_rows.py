"""Between the rows of uploads in PostgreSQL and records; see `rows`."""

from typing import assert_never

from vetline.store import documents
from vetline.store.changes import RowAdded, RowSettled, UploadBegun, UploadEffect, UploadMoved
from vetline.store.postgres.rows import Row
from vetline.store.upload_words import REASONS, ROW_STATES, STAGES, UPLOAD_STATES, WHYS, wanted_columns, wanted_of
from vetline.store.uploads import RowKind, RowNow, Upload, UploadRow


def upload_of(row: Row) -> Upload:
    """Return the upload in a row of ``uploads_recent``, ``upload`` and ``claim_uploads``."""
    partner, upload, file, actor, at, state, *counts = row
    return Upload(str(partner), str(upload), file, actor, at, UPLOAD_STATES[state], *counts)


def upload_row(upload: Upload) -> Row:
    """Return the values of ``add_upload``."""
    return upload.id, upload.partner, upload.file, upload.by, upload.at, upload.state.value


def line_of(row: Row) -> UploadRow:
    """Return the row of an upload in a row of ``upload_failures`` and ``upload_waiting``."""
    partner, upload, line, cells, customer, programme, claim, code, state, why, sentence = row
    return UploadRow(
        partner=str(partner),
        upload=str(upload),
        line=line,
        cells=documents.cells_of(cells),
        wanted=wanted_of(str(customer), programme, claim, code),
        state=ROW_STATES[state],
        why=WHYS.get(why),
        sentence=sentence,
    )


def line_now_of(row: Row) -> RowNow:
    """Return the row of an upload with its case's standing in a row of ``upload_rows``."""
    *line, stage, reason = row
    return RowNow(line_of(line), STAGES.get(stage), REASONS.get(reason))


def line_row(row: UploadRow) -> Row:
    """Return the values of ``add_upload_row``."""
    return (
        row.upload,
        row.line,
        row.partner,
        documents.text_of(row.cells),
        row.wanted.customer if row.wanted else None,
        *wanted_columns(row.wanted),
        row.state.value,
        row.why.value if row.why else None,
        row.sentence,
    )


def settled_row(effect: RowSettled) -> Row:
    """Return the values of ``settle_upload_row``."""
    return effect.upload, effect.line, effect.partner, effect.state.value, effect.why.value if effect.why else None


def moved_row(effect: UploadMoved) -> Row:
    """Return the values of ``move_upload``."""
    return effect.upload, effect.partner, effect.before.value, effect.after.value


def kind_of(row: Row) -> RowKind:
    """Return the kind in a row of ``upload_kinds``."""
    state, why, stage, reason, count = row
    return RowKind(ROW_STATES[state], WHYS.get(why), STAGES.get(stage), REASONS.get(reason), count)


def step_of(effect: UploadEffect) -> tuple[str, Row]:
    """Return the statement that an effect is, and its values."""
    match effect:
        case UploadBegun(upload=upload):
            return "add_upload", upload_row(upload)
        case RowAdded(row=row):
            return "add_upload_row", line_row(row)
        case RowSettled():
            return "settle_upload_row", settled_row(effect)
        case UploadMoved():
            return "move_upload", moved_row(effect)
        case _:
            assert_never(effect)


def touched_by(effect: UploadEffect) -> tuple[str, ...]:
    """Return what an effect touches: an upload, or one of its rows."""
    match effect:
        case UploadBegun(upload=upload):
            return "upload", upload.partner, upload.id
        case UploadMoved():
            return "upload", effect.partner, effect.upload
        case RowAdded(row=row):
            return "row", row.partner, row.upload, str(row.line)
        case RowSettled():
            return "row", effect.partner, effect.upload, str(effect.line)
        case _:
            assert_never(effect)
