"""Entra's token is exchanged for Partner Center's own, as clients of the old two-step sign-in do."""

import pytest

from tests.sandbox.client import claims
from tests.support.processes import Sandbox
from tests.support.worlds import world

FORM = {"grant_type": "jwt_token"}
OXFORD = "ox.ac.uk"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", ["/generatetoken", "/v3/generatetoken", "/v3/GenerateToken"])
@pytest.mark.parametrize("kind", ["user", "app"])
@pytest.mark.parametrize("resource", ["https://graph.windows.net", "https://api.partnercenter.microsoft.com"])
def test_what_is_given_counts(sandbox: Sandbox, path: str, kind: str, resource: str) -> None:
    """Also for a token whose resource is retired, which counts no more by itself."""
    with world(sandbox) as one:
        brought = one.fresh_token(kind, one.contoso, f"{resource}/.default")
        answer = sandbox.http.post(path, data=FORM, headers=_bearer(brought)).raise_for_status().json()
        assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
        given = claims(answer["access_token"])
        assert {**given, "aud": ""}.keys() == claims(brought).keys()
        assert sandbox.http.get(one.customer(OXFORD), headers=_bearer(answer["access_token"])).status_code == 200


@pytest.mark.parametrize(
    ("form", "token", "status"),
    [
        ({}, "good", 400),
        ({"grant_type": "password"}, "good", 400),
        (FORM, "forged", 401),
        (FORM, "", 401),
        (FORM, "lapsed", 401),
    ],
)
def test_what_is_refused(sandbox: Sandbox, form: dict[str, str], token: str, status: int) -> None:
    with world(sandbox) as one:
        good = one.token(partner=one.contoso)
        sent = {"good": good, "lapsed": good, "forged": good[:-6] + "AAAAAA", "": "x"}[token]
        if token == "lapsed":
            one.control("POST", "/clock", json={"advance": "2 hours"})
        answer = sandbox.http.post("/generatetoken", data=form, headers=_bearer(sent))
        assert answer.status_code == status
        assert "access_token" not in answer.text
