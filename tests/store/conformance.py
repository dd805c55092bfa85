"""What every store promises, sentence by sentence of the port, as tests that know nothing but the port.

A store's own test module derives a test class from `StoreConformance` and brings a fixture `store`: a fresh, empty one.
"""

from tests.store.conformance_audit import Audit
from tests.store.conformance_bells import BellsOfCustomers
from tests.store.conformance_codes import Codes
from tests.store.conformance_ends import Ends
from tests.store.conformance_figures import Sums
from tests.store.conformance_lists import Lists
from tests.store.conformance_queues import Queues
from tests.store.conformance_reads import ReadsOfCustomers
from tests.store.conformance_review import ReviewQueue
from tests.store.conformance_saves import Saves
from tests.store.conformance_search import Searches
from tests.store.conformance_sessions import EndedSessions
from tests.store.conformance_settling import SettlingDecisions
from tests.store.conformance_turns import Turns
from tests.store.conformance_upload_turns import UploadTurns
from tests.store.conformance_uploads import UploadsKept
from tests.store.conformance_webhooks import WebhooksKept


class StoreConformance(
    ReadsOfCustomers,
    Lists,
    Searches,
    Saves,
    Codes,
    Queues,
    Turns,
    BellsOfCustomers,
    EndedSessions,
    ReviewQueue,
    SettlingDecisions,
    Sums,
    Audit,
    UploadsKept,
    UploadTurns,
    WebhooksKept,
    Ends,
):
    """All of it."""
