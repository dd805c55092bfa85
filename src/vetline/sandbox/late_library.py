"""The reference data, loaded with the first case that is screened: who tests something else does not wait for it."""

import gc
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from vetline.vetting.applicant import Applicant, Claim
from vetline.vetting.facts import Facts

if TYPE_CHECKING:
    from vetline.reference.library import ReferenceLibrary


class LateLibrary:
    """What `ReferenceLibrary` is; it is asked in threads, and so loaded in one."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._loaded: ReferenceLibrary | None = None

    def look_up(self, applicant: Applicant, claim: Claim, today: date) -> Facts:
        """See `ReferenceLibrary.look_up`."""
        with self._turn:
            self._loaded = self._loaded or _library()
        return self._loaded.look_up(applicant, claim, today)


def _library() -> "ReferenceLibrary":
    from vetline.reference.library import ReferenceLibrary

    loaded = ReferenceLibrary()
    gc.freeze()  # it never becomes garbage, and the collector need not look
    return loaded
