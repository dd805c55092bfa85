"""Vets customers' qualifications: an open implementation of that part of the Partner Center API.

The names here are the client's. They are loaded when they are first asked for, so that `import vetline` costs nothing.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vetline.sdk.async_client import AsyncPartnerCenter as AsyncPartnerCenter
    from vetline.sdk.client import PartnerCenter as PartnerCenter
    from vetline.sdk.errors import PartnerCenterError as PartnerCenterError
    from vetline.sdk.models.qualifications import CustomerQualification as CustomerQualification
    from vetline.sdk.models.qualifications import CustomerQualificationRequest as CustomerQualificationRequest

_HOMES = {
    "AsyncPartnerCenter": "vetline.sdk.async_client",
    "CustomerQualification": "vetline.sdk.models.qualifications",
    "CustomerQualificationRequest": "vetline.sdk.models.qualifications",
    "PartnerCenter": "vetline.sdk.client",
    "PartnerCenterError": "vetline.sdk.errors",
}

__all__ = [*_HOMES, "__version__"]


def __dir__() -> list[str]:
    """Return the names that are loaded and those that can be."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Load one of the client's names."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vetline' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
