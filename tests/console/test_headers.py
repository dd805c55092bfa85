"""The check of the headers sees each weakness."""

import pytest
from starlette.datastructures import MutableHeaders

from vetline.console.headers import protect

from .headers import weaknesses


def protected(**changes: str) -> dict[str, str]:
    """Return the headers of a page, changed."""
    headers = MutableHeaders()
    protect(headers)
    return {**dict(headers), **{name.replace("_", "-"): value for name, value in changes.items()}}


def test_our_headers_are_sound() -> None:
    assert weaknesses(protected()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"content_security_policy": ""},
        {"content_security_policy": "default-src 'self'; form-action 'self'; base-uri 'none'"},
        {"x_content_type_options": ""},
        {"x_frame_options": "SAMEORIGIN"},
        {"referrer_policy": "unsafe-url"},
        {"cache_control": "public, max-age=60"},
    ],
    ids=str,
)
def test_a_header_that_is_missing_or_too_wide_is_found_out(changes: dict[str, str]) -> None:
    assert weaknesses(protected(**changes))


@pytest.mark.parametrize("source", ["'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:", "https://cdn.example"])
def test_a_policy_that_lets_in_more_than_our_own_is_found_out(source: str) -> None:
    policy = protected()["content-security-policy"].replace("script-src 'self'", f"script-src 'self' {source}")
    assert weaknesses(protected(content_security_policy=policy)) == [f"the policy lets {source} be a script-src"]
