"""What the caller hands over is looked at before anything is sent. Every refusal is an `InvalidArgumentError`."""

import re
from typing import Any
from urllib.parse import urlsplit

from vetline.sdk.errors import InvalidArgumentError

_PUNCTUATION = re.compile("[-_]")


def check_header(name: str, value: str) -> None:
    """Refuse a header that could not be sent as one line.

    Raises:
        InvalidArgumentError: it holds something else than printable ASCII; the message does not repeat the value.
    """
    if not _is_printable_ascii(name) or not _is_printable_ascii(value) or not _PUNCTUATION.sub("", name).isalnum():
        raise InvalidArgumentError(
            f"The header {name!r} cannot be sent: its name or value is no text of printable ASCII."
        )


def check_url(name: str, url: str) -> None:
    """Refuse what is no address of a service. One with a password in it is refused, too: it would reach every log.

    Raises:
        InvalidArgumentError: it is none; the message does not repeat it.
    """
    try:
        parts = urlsplit(url)
        is_place = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, AttributeError):
        is_place = False
    if not is_place or not _is_printable_ascii(url) or set("@?# ") & set(url):
        raise InvalidArgumentError(
            f"{name} is no address of a service: give scheme and host, such as https://127.0.0.1:8080."
        )


def check_number(name: str, value: Any, least: float) -> None:
    """Refuse what is no number, or too small a one.

    Raises:
        InvalidArgumentError: it is.
    """
    if not isinstance(value, int | float) or not value >= least:  # NaN is never
        raise InvalidArgumentError(f"{name} must be a number, and at least {least:g}.")


def check_positive(name: str, value: Any) -> None:
    """Refuse what is no number more than 0.

    Raises:
        InvalidArgumentError: it is not.
    """
    if not isinstance(value, int | float) or not value > 0:
        raise InvalidArgumentError(f"{name} must be a number of seconds, more than 0.")


def _is_printable_ascii(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable()
