"""The results as a file to take away: under a name that every system takes, in pieces that are worth sending."""

import re
from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from vetline.console.uploads.results import results_csv
from vetline.desk.uploads import UploadDesk
from vetline.store.uploads import Upload

_PIECE = 64 * 1024
_MAX_STEM = 80


def results_response(desk: UploadDesk, upload: Upload) -> Response:
    """Return the results of an upload; they are read while they are sent, however many there are."""
    lines = results_csv(desk.results(upload))
    headers = {"content-disposition": disposition(results_name(upload.file))}
    return StreamingResponse(_pieces(lines), headers=headers, media_type="text/csv; charset=utf-8")


def results_name(file: str) -> str:
    """Return the name of the results of a file: letters, digits and hyphens of its own name, in any script."""
    stem = re.sub(r"[\W_]+", "-", PurePosixPath(file).stem)[:_MAX_STEM].strip("-")
    return f"{stem}-results.csv" if stem else "results.csv"


def disposition(name: str) -> str:
    """Return the header that has a file saved, with its name for every browser.

    Source: https://www.rfc-editor.org/rfc/rfc6266#section-5
    """
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _pieces(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    piece: list[str] = []
    size = 0
    async for line in lines:
        piece.append(line)
        size += len(line)
        if size >= _PIECE:
            yield "".join(piece)
            piece, size = [], 0
    yield "".join(piece)
