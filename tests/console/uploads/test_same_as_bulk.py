"""The same file, given to the command line and uploaded to the same service, comes to the same, cell by cell."""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.bulk.files import HARVARD, NOBODY, OXFORD, REDMOND, TAILSPIN, WIDE_WORLD, Results, written
from tests.cli.bulk.running import Bulk
from tests.cli.running import Home
from tests.support.processes import CONTOSO, Sandbox
from tests.support.uploading import ADA, desk_over
from vetline.bulk.rows import Row, read_rows
from vetline.clock import SystemClock
from vetline.console.uploads.intake import drafts_in
from vetline.console.uploads.results import results_csv
from vetline.desk.uploads import UploadDesk
from vetline.store.sqlite.store import SqliteStore
from vetline.store.uploads import RowState, Upload, UploadState
from vetline.vetting.words import Stage

FABRIKAMS = "22222222-fab0-4000-8000-000000000001"
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05
Line = tuple[str, ...]

# What may stand in the four cells behind the customer.
ASKED = st.sampled_from(
    [
        ("Education", "HigherEducation", "https://www.ox.ac.uk/", "ignored"),
        ("1", "higher_education", " ox.ac.uk ", ""),
        ("education", "", "", ""),
        ("Education", "K12", "=cmd()", ""),
        ("GovernmentCommunityCloud", "", "", "987654"),
        ("government_community_cloud", "ignored", "ignored", " 12345 "),
        ("3", "", "", "none such"),
        ("StateOwnedEntity", "", "", ""),
    ]
)
CUSTOMERS = st.sampled_from([OXFORD, HARVARD, TAILSPIN, WIDE_WORLD, f"{{{REDMOND.upper()}}}", NOBODY, FABRIKAMS])


def rows_of(wanted: Mapping[str, Sequence[str]]) -> list[Line]:
    """Return a row for each customer."""
    return [(customer, *cells) for customer, cells in wanted.items()]


TABLES: st.SearchStrategy[list[Line]] = st.dictionaries(CUSTOMERS, ASKED, min_size=1, max_size=7).map(rows_of)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Path]]:
    """A sandbox that settles every case at once, and its folder."""
    folder = tmp_path_factory.mktemp("data")
    with Sandbox("--data", str(folder), "--vetting", "immediate", "--log-level", "error") as sandbox:
        yield sandbox, folder


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES)
def test_both_say_the_same(service: tuple[Sandbox, Path], tmp_path: Path, table: Sequence[Line]) -> None:
    """Of whatever rows; and the results of the upload are the same input again."""
    sandbox, folder = service
    file = written(tmp_path / "in.csv", table)
    by_command = _by_command(sandbox, tmp_path, file)
    sandbox.reset()
    text = asyncio.run(_uploaded(folder, file.read_bytes()))
    assert _comparable(csv.DictReader(io.StringIO(text, newline=""))) == _comparable(by_command)
    again = [row.cells for row in read_rows(io.BytesIO(text.encode())) if isinstance(row, Row)]
    assert again == [tuple(row) for row in table]


def _by_command(sandbox: Sandbox, folder: Path, file: Path) -> Results:
    sandbox.reset()
    bulk = Bulk(Home(folder, VETLINE_BASE_URL=sandbox.base, VETLINE_ACCESS_TOKEN=sandbox.token()), file)
    bulk.results.unlink(missing_ok=True)
    bulk.journal.unlink(missing_ok=True)
    done = bulk.run("--wait")
    assert done.returncode in (0, 1), done.stderr
    return bulk.rows


def _comparable(rows: "Results | csv.DictReader[str]") -> Results:
    """Return rows without the ids of their requests, which are made anew each time."""
    return [{name: cell for name, cell in row.items() if name != "request_id"} for row in rows]


async def _uploaded(folder: Path, data: bytes) -> str:
    """Upload a file, and return its results once every row is decided; the sandbox's own worker does it."""
    store = SqliteStore(folder / "vetline.db")
    try:
        desk = desk_over(store, SystemClock())
        upload = await desk.begin(ADA, "in.csv", drafts_in(data))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await _is_decided(desk, upload):  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(LOOK_SECONDS)
        return "".join([line async for line in results_csv(desk.results(upload))])
    finally:
        await store.close()


async def _is_decided(desk: UploadDesk, upload: Upload) -> bool:
    progress = await desk.open(CONTOSO, upload.id)
    in_review = {Stage.SCREENING, Stage.REVIEWING}
    if progress.upload.state is not UploadState.DONE or progress.count is None:
        return False
    return not any(kind.state is RowState.SENT and kind.stage in in_review for kind in progress.count.kinds)
