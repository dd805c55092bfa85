"""The control surface answers this machine, and no web page from elsewhere."""

import pytest

from tests.support.processes import Sandbox


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox/info"),
        ("GET", "/sandbox/clock"),
        ("POST", "/sandbox/clock"),
        ("POST", "/sandbox/reset"),
        ("POST", "/sandbox/decisions"),
    ],
)
@pytest.mark.parametrize("header", [{"Origin": "https://page.example"}, {"Host": "page.example"}])
def test_pages_from_elsewhere_are_refused(sandbox: Sandbox, method: str, path: str, header: dict[str, str]) -> None:
    """Neither another origin nor a name that was made to point here gets an answer."""
    body = {"advanceSeconds": 0} if method == "POST" else None
    assert sandbox.http.request(method, path, headers=header, json=body).status_code == 403
