"""The vocabulary on the wire, open on reading: any spelling a client was seen to send is understood."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

EDUCATION: Final = "Education"
GOVERNMENT: Final = "GovernmentCommunityCloud"
STATE_OWNED: Final = "StateOwnedEntity"
NONE: Final = "None"
NONPROFIT: Final = "Nonprofit"

# The integers are the order of the .NET enum, which SEED0 and SEED1 send as the whole body.
# https://learn.microsoft.com/dotnet/api/microsoft.store.partnercenter.models.customers.customerqualification
QUALIFICATIONS: Final = (NONE, EDUCATION, NONPROFIT, GOVERNMENT, STATE_OWNED)

# None and Nonprofit cannot be set.
# https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous
SETTABLE: Final = frozenset({EDUCATION, GOVERNMENT, STATE_OWNED})

IN_REVIEW: Final = "InReview"
APPROVED: Final = "Approved"
DENIED: Final = "Denied"

# https://learn.microsoft.com/partner-center/developer/api-change-log (12/15/2020)
REASONS: Final = (
    "Not an Education Customer",
    "No longer an Education Customer",
    "Not an Education Customer - After Review",
    "Restricted being an Education Customer",
    "Not an Academic Domain",
    "Not an eligible Library",
    "Not an eligible Museum",
)

# https://learn.microsoft.com/partner-center/developer/update-customer-qualification-asynchronous (06/28/2022)
K12: Final = "K12"
HIGHER_EDUCATION: Final = "HigherEducation"
SEGMENTS: Final = (K12, HIGHER_EDUCATION)

# The synchronous generation writes snake case, which the .NET, Java and PowerShell clients all read.
SYNCHRONOUS: Final[Mapping[str, str]] = MappingProxyType(
    {
        NONE: "none",
        EDUCATION: "education",
        NONPROFIT: "nonprofit",
        GOVERNMENT: "government_community_cloud",
        STATE_OWNED: "state_owned_entity",
    }
)


def _folded(text: str) -> str:
    return text.translate(_SEPARATORS).lower()


_SEPARATORS = str.maketrans("", "", "_- ")
_QUALIFICATION_BY_TEXT = {_folded(name): name for name in QUALIFICATIONS}
_QUALIFICATION_BY_NUMBER = {str(number): name for number, name in enumerate(QUALIFICATIONS)}
_SEGMENT_BY_TEXT = {_folded(name): name for name in SEGMENTS}
_REASON_BY_TEXT = {text.casefold(): text for text in REASONS}


def qualification_named(text: str | int) -> str | None:
    """Return the canonical name of a qualification, whatever its spelling; `None` when it is unknown.

    Parameters:
        text: ``Education``, ``government_community_cloud``, ``governmentcommunitycloud``, ``1``, ``"3"`` ...
    """
    written = str(text)
    return _QUALIFICATION_BY_NUMBER.get(written.strip()) or _QUALIFICATION_BY_TEXT.get(_folded(written))


def segment_named(text: str) -> str | None:
    """Return ``K12`` or ``HigherEducation`` for any spelling of it; `None` when it is unknown."""
    return _SEGMENT_BY_TEXT.get(_folded(text))


def reason_named(text: str) -> str | None:
    """Return one of the seven reasons for any casing of it; `None` when it is unknown."""
    return _REASON_BY_TEXT.get(text.strip().casefold())
