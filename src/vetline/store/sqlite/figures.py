"""What sums over all partners ask of SQLite. Pure: statements and their parameters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from vetline.store.happenings import BOUNDS, COUNTED, MICROSECOND
from vetline.store.sqlite import rows
from vetline.vetting.words import Programme

Asked = tuple[str, dict[str, Any]]

_BOUNDS: Final = msgspec.json.encode([bound // MICROSECOND for bound in BOUNDS]).decode()
_PROGRAMMES: Final = msgspec.json.encode([programme.value for programme in Programme]).decode()
_STEPS: Final = msgspec.json.encode([step.value for step in COUNTED]).decode()


def happenings(since: datetime, until: datetime) -> Asked:
    """Return the statement that sums up what happened, and its parameters."""
    stretch = {"since": rows.micros(since), "until": rows.micros(until)}
    return "happenings", stretch | {"bounds": _BOUNDS, "steps": _STEPS}


def waiting_before(moments: Sequence[datetime]) -> Asked:
    """Return the statement that counts the waiting cases, and its parameters."""
    found = msgspec.json.encode(list(map(rows.micros, moments))).decode()
    return "waiting_before", {"moments": found, "programmes": _PROGRAMMES}
