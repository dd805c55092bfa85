"""The grants without a browser: application, password, refresh; v1 and v2; and every way they are refused."""

from base64 import b64encode
from typing import Any

import pytest

from vetline.identity.refusal import TokenProblem, TokenRefused
from vetline.identity.verifier import TokenVerifier

from .client import CONTOSO, EVERYTHING, FABRIKAM, OPERATOR, RESOURCE, SCOPE, Authority, application, claims, named
from .clock import HandClock

_APP: dict[str, Any] = {
    "grant_type": "client_credentials",
    "scope": f"{RESOURCE}/.default",
    **named(application()),
}


async def test_an_application_gets_its_own_token(
    authority: Authority, verifier: TokenVerifier, clock: HandClock
) -> None:
    body = authority.token(**_APP)
    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == ("Bearer", 3600, 3600)
    assert set(body) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    caller = await verifier.verify(body["access_token"], clock.now())
    assert (caller.tenant, caller.application, caller.is_app_only) == (
        CONTOSO.tenant_id,
        application().client_id,
        True,
    )


async def test_a_user_gets_a_token_that_tells_of_the_second_factor(
    authority: Authority, verifier: TokenVerifier, clock: HandClock
) -> None:
    with_mfa = await verifier.verify(authority.password(0)["access_token"], clock.now())
    without = await verifier.verify(authority.password(1)["access_token"], clock.now())
    assert (with_mfa.mfa, without.mfa) == (True, False)
    assert with_mfa.roles == {"AdminAgents", "DirectoryReaders", "UserAdministrator"}
    assert with_mfa.user == CONTOSO.users[0].object_id


def test_the_claims_are_those_of_a_v1_token(authority: Authority) -> None:
    token = claims(authority.password(0, **named(application()))["access_token"])
    assert token["iss"] == f"http://127.0.0.1:8080/{CONTOSO.tenant_id}/v2.0"
    assert (token["aud"], token["scp"], token["ver"]) == (RESOURCE, "user_impersonation", "1.0")
    assert (token["amr"], token["appidacr"], token["upn"]) == (["pwd", "mfa"], "1", CONTOSO.users[0].username)
    assert token["exp"] - token["iat"] == 3600
    app = claims(authority.token(**_APP)["access_token"])
    assert app["idtyp"] == "app"
    assert not {"scp", "amr", "upn", "roles", "wids"} & set(app)


async def test_reviewers_sign_in_at_the_operators_tenant(
    authority: Authority, verifier: TokenVerifier, clock: HandClock
) -> None:
    app = OPERATOR.applications[0]
    found = []
    for user in OPERATOR.users:
        form: dict[str, Any] = {
            "username": user.username,
            "password": user.password,
            "client_id": app.client_id,
            "scope": SCOPE,
        }
        body = authority.token(OPERATOR.domain, grant_type="password", **form)
        found.append((await verifier.verify(body["access_token"], clock.now())).roles)
    assert found == [{"Vetline.Reviewer"}, {"Vetline.Reviewer", "Vetline.Administrator"}]


def test_v1_writes_numbers_as_strings(authority: Authority, clock: HandClock) -> None:
    form = _APP | {"scope": "", "resource": RESOURCE}
    body = authority.token(v2=False, **form)
    start = int(clock.now().timestamp())
    assert body["expires_in"] == body["ext_expires_in"] == "3600"
    assert (body["expires_on"], body["not_before"]) == (str(start + 3600), str(start))
    assert body["resource"] == RESOURCE
    assert claims(body["access_token"])["iss"] == f"http://127.0.0.1:8080/{CONTOSO.tenant_id}/"
    user = {"grant_type": "password", "username": CONTOSO.users[0].username, "password": "sandbox"}
    body = authority.token(v2=False, resource=RESOURCE, **user, client_id=application().client_id)
    assert body["scope"] == "user_impersonation"
    assert {"refresh_token", "id_token"} <= set(body)


@pytest.mark.parametrize("tenant", [CONTOSO.tenant_id.upper(), CONTOSO.domain, "common", "Organizations"])
def test_the_tenant_goes_by_many_names(authority: Authority, tenant: str) -> None:
    assert claims(authority.password(tenant=tenant)["access_token"])["tid"] == CONTOSO.tenant_id


@pytest.mark.parametrize(
    "resource",
    [
        RESOURCE,
        f"{RESOURCE}/",
        "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
        "https://partner.partnercenterapi.microsoftonline.cn",
        "https://graph.windows.net",
    ],
)
def test_the_audience_is_the_resource_as_it_was_written(authority: Authority, resource: str) -> None:
    v2 = authority.token(**(_APP | {"scope": f"{resource}/.default"}))
    v1 = authority.token(v2=False, **(_APP | {"resource": resource}))
    assert claims(v2["access_token"])["aud"] == claims(v1["access_token"])["aud"] == resource


async def test_the_retired_audience_is_issued_and_then_refused_by_the_api(
    authority: Authority, verifier: TokenVerifier, clock: HandClock
) -> None:
    token = authority.token(**(_APP | {"scope": "https://graph.windows.net/.default"}))["access_token"]
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(token, clock.now())
    assert refused.value.problem is TokenProblem.AUDIENCE
    assert refused.value.audience == "https://graph.windows.net"


async def test_a_token_is_good_for_an_hour_of_the_clock(
    authority: Authority, verifier: TokenVerifier, clock: HandClock
) -> None:
    token = authority.password()["access_token"]
    clock.advance(minutes=62)
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(token, clock.now())
    assert refused.value.problem is TokenProblem.EXPIRED


def test_what_is_asked_for_is_what_comes(authority: Authority) -> None:
    plain = authority.password(scope=SCOPE)
    assert not {"refresh_token", "id_token", "client_info"} & set(plain)
    full = authority.password(scope=f"{RESOURCE}/.default openid offline_access", client_info="1")
    assert {"refresh_token", "id_token", "client_info"} <= set(full)
    assert full["scope"] == f"{SCOPE} {RESOURCE}/.default"
    info = claims(f".{full['client_info']}.")
    assert info == {"uid": CONTOSO.users[0].object_id, "utid": CONTOSO.tenant_id}
    identity = claims(full["id_token"])
    assert identity["aud"] == application(public=True).client_id
    assert identity["preferred_username"] == CONTOSO.users[0].username


def test_the_client_may_prove_itself_by_basic(authority: Authority) -> None:
    app = application()
    basic = b64encode(f"{app.client_id}:{app.client_secret}".encode()).decode()
    form = {"grant_type": "client_credentials", "scope": f"{RESOURCE}/.default"}
    url = f"/{CONTOSO.domain}/oauth2/v2.0/token"
    assert authority.http.post(url, data=form, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    for header in ("Basic !", "Basic YQ==", f"Basic {basic}", f"Basic {b64encode(bytes([0xE9])).decode()}"):
        other = form | {"client_id": "another"}
        answer = authority.http.post(url, data=other, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


_PASSWORD: dict[str, Any] = {
    "grant_type": "password",
    "username": CONTOSO.users[0].username,
    "password": "sandbox",
    "client_id": application(public=True).client_id,
    "scope": SCOPE,
}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (_APP | {"client_secret": "wrong"}, (401, "invalid_client", 7000215)),
        (_APP | {"client_secret": "\ufffd"}, (401, "invalid_client", 7000215)),
        (_APP | {"client_secret": ""}, (401, "invalid_client", 7000218)),
        (_APP | {"client_id": ""}, (400, "invalid_request", 900144)),
        (_APP | {"client_id": "{0}"}, (400, "unauthorized_client", 700016)),
        (_APP | named(application(FABRIKAM)), (400, "unauthorized_client", 700016)),
        (_APP | {"client_id": application(public=True).client_id}, (401, "invalid_client", 700025)),
        (_APP | {"tenant": "nobody.example"}, (400, "invalid_request", 90002)),
        (_APP | {"tenant": "consumers"}, (400, "invalid_request", 90002)),
        (_APP | {"tenant": "common"}, (400, "invalid_request", 50059)),
        (_APP | {"tenant": "common", "client_id": "x"}, (400, "unauthorized_client", 700016)),
        (_APP | {"scope": ""}, (400, "invalid_request", 900144)),
        (_APP | {"scope": SCOPE}, (400, "invalid_scope", 1002012)),
        (_APP | {"scope": "https://management.azure.com/.default"}, (400, "invalid_resource", 500011)),
        (_APP | {"scope": f"{RESOURCE}/.default https://graph.windows.net/.default"}, (400, "invalid_scope", 28000)),
        (_APP | {"scope": f"{RESOURCE}/everything"}, (400, "invalid_scope", 70011)),
        (_APP | {"scope": "x" * 3000}, (400, "invalid_scope", 70011)),
        (_APP | {"grant_type": "implicit"}, (400, "unsupported_grant_type", 70003)),
        (_APP | {"grant_type": ""}, (400, "invalid_request", 900144)),
        (_APP | {"v2": False, "resource": "https://vault.azure.net"}, (400, "invalid_resource", 500011)),
        (_APP | {"v2": False}, (400, "invalid_request", 900144)),
        (_PASSWORD | {"password": "wrong"}, (400, "invalid_grant", 50126)),
        (_PASSWORD | {"username": "nobody@contoso.onmicrosoft.com"}, (400, "invalid_grant", 50126)),
        (_PASSWORD | {"username": FABRIKAM.users[0].username}, (400, "invalid_grant", 50126)),
        (_PASSWORD | {"password": ""}, (400, "invalid_request", 900144)),
        ({"grant_type": "refresh_token", **named(application())}, (400, "invalid_request", 900144)),
        (
            {"grant_type": "refresh_token", "refresh_token": "made-up", **named(application())},
            (400, "invalid_grant", 70000),
        ),
    ],
)
def test_what_is_not_granted(authority: Authority, form: dict[str, Any], expected: tuple[int, str, int]) -> None:
    assert authority.refused(**form) == expected


def test_an_error_has_entras_members(authority: Authority, clock: HandClock) -> None:
    request = "5d6ac0a6-3d4b-4b52-9c5f-6a3b1a0d2f10"
    answer = authority.http.post(
        f"/{CONTOSO.tenant_id}/oauth2/v2.0/token", data={}, headers={"client-request-id": request}
    )
    body = answer.json()
    assert body["correlation_id"] == request
    assert body["timestamp"] == f"{clock.now():%Y-%m-%d %H:%M:%SZ}"
    assert f"Trace ID: {body['trace_id']} Correlation ID: {request} Timestamp: " in body["error_description"]
    strange = authority.http.post("/x/oauth2/token", data={}, headers={"client-request-id": "<script>"}).json()
    assert "<script>" not in strange["correlation_id"]


def test_what_the_client_sent_is_cut_short_in_the_answer(authority: Authority) -> None:
    answer = authority.http.post(f"/{'x' * 3000}/oauth2/v2.0/token", data=_APP)
    assert len(answer.content) < 1500


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x" * 40_000, 413),
        (b"&".join(b"a%d=1" % number for number in range(60)), 400),
        (b"grant_type=password&grant_type=password", 400),
        (b"\xff\xfe=%ff%00", 400),
        (b"", 400),
    ],
)
def test_a_hostile_body_is_refused(authority: Authority, body: bytes, status: int) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = authority.http.post("/common/oauth2/token", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"] == "invalid_request"


def test_a_body_of_another_type_is_no_form(authority: Authority) -> None:
    answer = authority.http.post("/common/oauth2/token", json=_APP)
    assert answer.json()["error_codes"] == [900144]


class TestRefresh:
    """A refresh token is good once, for its client, for ninety days."""

    @staticmethod
    def form(body: Any, **changes: str) -> dict[str, Any]:
        """Return the form that spends a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": body["refresh_token"]}
        return form | named(application(public=True)) | changes

    def test_each_answer_carries_the_next(self, authority: Authority) -> None:
        body = authority.password()
        for _ in range(3):
            body = authority.token(**self.form(body))
        assert claims(body["access_token"])["amr"] == ["pwd", "mfa"]

    def test_it_may_be_spent_on_another_resource(self, authority: Authority) -> None:
        other = authority.token(**self.form(authority.password(), scope="https://graph.windows.net/.default"))
        assert claims(other["access_token"])["aud"] == "https://graph.windows.net"
        assert "refresh_token" in other

    def test_used_twice_it_ends_all_that_came_of_it(self, authority: Authority) -> None:
        first = authority.password()
        second = authority.token(**self.form(first))
        assert authority.refused(**self.form(first)) == (400, "invalid_grant", 70000)
        assert authority.refused(**self.form(second)) == (400, "invalid_grant", 70000)

    def test_it_lives_ninety_days(self, authority: Authority, clock: HandClock) -> None:
        body = authority.password()
        clock.advance(days=89)
        body = authority.token(**self.form(body))
        clock.advance(days=90)
        assert authority.refused(**self.form(body)) == (400, "invalid_grant", 700082)

    def test_it_is_its_clients_alone(self, authority: Authority) -> None:
        body = authority.password()
        assert authority.refused(**self.form(body, **named(application()))) == (400, "invalid_grant", 70000)
        stranger = self.form(body, **named(application(FABRIKAM, public=True)), tenant=FABRIKAM.tenant_id)
        assert authority.refused(**stranger) == (400, "invalid_grant", 70000)
        assert authority.token(**self.form(body))

    def test_a_client_with_a_secret_must_go_on_proving_itself(self, authority: Authority) -> None:
        secret = named(application())
        body = authority.password(scope=EVERYTHING, **secret)
        without = self.form(body, client_id=secret["client_id"])
        assert authority.refused(**without) == (401, "invalid_client", 7000218)
        assert authority.token(**(without | secret))
