"""Uploads as a partner's people give them, over a store of the test's own."""

from collections.abc import Iterable

from tests.store.records import EDUCATION, A, guid
from tests.worker.test_screening import NothingKnown
from vetline.choices import Choices
from vetline.clock import Clock
from vetline.desk.permissions import GOVERNMENT_ROLES, Permissions
from vetline.desk.uploads import Author, Draft, UploadDesk
from vetline.store.port import Store
from vetline.store.uploads import Upload, Wanted
from vetline.vetting.applicant import Claim
from vetline.vetting.words import Programme, Segment
from vetline.wiring import Rooms, furnish

ADA = Author(A, "partner:ada", GOVERNMENT_ROLES)


def rooms_over(store: Store, clock: Clock) -> Rooms:
    """Return the use cases and the worker over a store; no data decides anything."""
    return furnish(store, clock, NothingKnown(), Choices())


def desk_over(store: Store, clock: Clock) -> UploadDesk:
    """Return a desk whose worker is elsewhere."""
    return UploadDesk(store, clock, Permissions(government_role_needed=True))


def draft(number: int, programme: Programme = EDUCATION, code: str = "", customer: str = "") -> Draft:
    """Return a row for a customer, on the line of its number."""
    wanted = Wanted(customer or guid(number), programme, Claim(Segment.K12), code)
    return Draft(number, (wanted.customer, programme.value, "K12", "", code), wanted)


def bad(line: int) -> Draft:
    """Return a row that is not valid."""
    return Draft(line, ("x", "", "", "", ""), None, "customer_id 'x' is no GUID.")


async def given(rooms: Rooms, drafts: Iterable[Draft], author: Author = ADA) -> Upload:
    """Give a file."""
    return await rooms.uploads.begin(author, "customers.csv", drafts)
