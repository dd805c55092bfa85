"""The client's own credentials: what they send, how they renew, and that no secret is ever shown."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.answers import HOSTILE_BYTES, HOSTILE_JSON
from tests.sdk.driving import BEGIN, LOST, Scripted, World, answer, written
from vetline.sdk.clouds import GLOBAL
from vetline.sdk.credentials import ClientSecret, DeviceCode, DevicePrompt, RefreshToken
from vetline.sdk.errors import ConnectionFailedError, CredentialError, InvalidArgumentError, PartnerCenterError
from vetline.sdk.tokens import AccessToken, TokenSource

SECRET = "hush-secret"
DEVICE = {
    "device_code": "hush-device",
    "user_code": "ABC-123",
    "verification_uri": "https://login.test/device",
    "expires_in": 900,
    "interval": 5,
    "message": "Open https://login.test/device and enter ABC-123.",
}
PENDING = answer(400, {"error": "authorization_pending"})


def token(text: str = "access", **more: Any) -> Any:
    """Return an authority's answer with an access token that lives for an hour."""
    return answer(200, {"access_token": text, "expires_in": 3600} | more)


def got(world: World, source: TokenSource) -> AccessToken:
    """Return a token."""
    return world.run(source.conversation(world.around))


def forms(world: World) -> list[dict[str, str]]:
    """Return what was posted, each time."""
    return [dict(parse_qsl(request.body.decode(), strict_parsing=True)) for request in world.requests]


def client_secret() -> ClientSecret:
    """Return an application."""
    return ClientSecret(" contoso ", "app", SECRET)


def refresh_token(**options: Any) -> RefreshToken:
    """Return a person's kept sign-in."""
    return RefreshToken("contoso", "app", "hush-refresh", client_secret=SECRET, **options)


def device_code(prompts: list[DevicePrompt] | None = None, **options: Any) -> DeviceCode:
    """Return a sign-in by code."""
    return DeviceCode("contoso", "app", (prompts if prompts is not None else []).append, **options)


def test_a_client_secret_asks_for_an_app_only_token() -> None:
    """https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"""
    world = World([token()])
    assert got(world, client_secret()) == AccessToken("access", BEGIN + 3600)
    request = world.requests[0]
    assert (request.method, request.url) == ("POST", f"{GLOBAL.authority}/contoso/oauth2/v2.0/token")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert forms(world) == [
        {"client_id": "app", "grant_type": "client_credentials", "client_secret": SECRET, "scope": GLOBAL.scope}
    ]


def test_a_refresh_token_asks_for_a_token_and_its_successor() -> None:
    """https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#refresh-the-access-token"""
    world = World([token()])
    got(world, refresh_token())
    assert forms(world) == [
        {
            "client_id": "app",
            "grant_type": "refresh_token",
            "refresh_token": "hush-refresh",
            "client_secret": SECRET,
            "scope": f"{GLOBAL.scope} openid profile offline_access",
        }
    ]


def test_a_public_application_sends_no_secret() -> None:
    """Not even an empty one, which the authority refuses."""
    world = World([token()])
    got(world, RefreshToken("contoso", "app", "r"))
    assert "client_secret" not in forms(world)[0]


def test_a_rotated_token_is_kept_before_the_access_token_is_used() -> None:
    """And used from then on; the same one again is nothing new."""
    kept: list[str] = []
    source = refresh_token(on_rotation=kept.append)
    world = World([token(refresh_token="second"), token(refresh_token="second"), token(), token(refresh_token="third")])
    for expected in (["second"], ["second"], ["second"], ["second", "third"]):
        got(world, source)
        assert kept == expected
    assert [form["refresh_token"] for form in forms(world)] == ["hush-refresh", "second", "second", "second"]


def test_a_rotation_without_an_access_token_is_kept_all_the_same() -> None:
    """The old token may be refused already."""
    kept: list[str] = []
    with pytest.raises(CredentialError):
        got(World([answer(200, {"refresh_token": "second"})]), refresh_token(on_rotation=kept.append))
    assert kept == ["second"]


def test_a_rotation_that_could_not_be_kept_is_handed_over_again() -> None:
    """Otherwise the next process would begin with a token that is no longer good."""

    def keep(text: str) -> None:
        tried.append(text)
        if len(tried) == 1:
            raise OSError("disk full")

    tried: list[str] = []
    source = refresh_token(on_rotation=keep)
    world = World([token(refresh_token="second"), token(refresh_token="second"), token()])
    with pytest.raises(OSError, match="disk full"):
        got(world, source)
    got(world, source)
    got(world, source)
    assert tried == ["second", "second"]


def test_a_device_code_shows_the_prompt_and_waits_for_the_person() -> None:
    """As often as the authority says, until the token is there."""
    prompts: list[DevicePrompt] = []
    world = World([answer(200, DEVICE), PENDING, PENDING, token()])
    assert got(world, device_code(prompts)).token == "access"
    assert prompts == [DevicePrompt(DEVICE["message"], DEVICE["verification_uri"], "ABC-123", 900.0)]  # type: ignore[arg-type]
    assert world.pauses == [5.0, 5.0, 5.0]
    begun, *polls = forms(world)
    assert world.requests[0].url.endswith("/contoso/oauth2/v2.0/devicecode")
    assert begun == {"client_id": "app", "scope": f"{GLOBAL.scope} openid profile offline_access"}
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    assert polls == [{"client_id": "app", "grant_type": grant, "device_code": "hush-device"}] * 3


def test_slow_down_means_five_seconds_more_from_then_on() -> None:
    """https://www.rfc-editor.org/rfc/rfc8628#section-3.5"""
    slow = answer(400, {"error": "slow_down"})
    world = World([answer(200, DEVICE), slow, PENDING, slow, token()])
    got(world, device_code())
    assert world.pauses == [5.0, 10.0, 10.0, 15.0]


@pytest.mark.parametrize("error", ["authorization_declined", "access_denied", "expired_token", "bad_verification_code"])
def test_a_person_who_declines_ends_it(error: str) -> None:
    """With the authority's own word."""
    world = World([answer(200, DEVICE), PENDING, answer(400, {"error": error})])
    with pytest.raises(CredentialError) as caught:
        got(world, device_code())
    assert caught.value.code == error


def test_a_code_that_nobody_enters_ends() -> None:
    """After its life, however often the authority says that it waits."""
    world = World([answer(200, DEVICE | {"expires_in": 60, "interval": 20}), PENDING, PENDING, PENDING])
    with pytest.raises(CredentialError, match="in time"):
        got(world, device_code())


@pytest.mark.parametrize("interval", [0, -5, "0", float("nan"), "x", None, 1e300, {}, 10**400])
def test_no_authority_makes_the_client_hammer_or_sleep_for_ever(interval: Any) -> None:
    """Between a second and a minute."""
    body = DEVICE | {"interval": interval if isinstance(interval, str | dict) or interval is None else str(interval)}
    world = World([answer(200, body), token()])
    got(world, device_code())
    assert 1.0 <= world.pauses[0] <= 60.0


def test_the_first_version_of_the_endpoint_is_understood() -> None:
    """It says verification_url, and writes numbers as text."""
    prompts: list[DevicePrompt] = []
    old = {
        "device_code": "d",
        "user_code": "C",
        "verification_url": "https://a.test",
        "expires_in": "900",
        "interval": "7",
    }
    world = World([answer(200, old), token(expires_in="3600")])
    assert got(world, device_code(prompts)).ends == BEGIN + 7 + 3600
    assert (prompts[0].verification_uri, world.pauses) == ("https://a.test", [7.0])
    assert "https://a.test" in prompts[0].message


@pytest.mark.parametrize("missing", ["device_code", "user_code", "verification_uri"])
def test_a_prompt_that_lacks_something_is_an_error(missing: str) -> None:
    """Nobody is shown half of it."""
    prompts: list[DevicePrompt] = []
    with pytest.raises(CredentialError):
        got(World([answer(200, DEVICE | {missing: ""})]), device_code(prompts))
    assert not prompts


def test_later_a_refresh_token_is_used() -> None:
    """Nobody is asked twice; every refresh token is handed over."""
    prompts: list[DevicePrompt] = []
    kept: list[str] = []
    source = device_code(prompts, on_rotation=kept.append)
    world = World([answer(200, DEVICE), token(refresh_token="r1"), token("second", refresh_token="r2"), token("third")])
    assert [got(world, source).token for _ in range(3)] == ["access", "second", "third"]
    assert (len(prompts), kept) == (1, ["r1", "r2"])
    assert [form.get("refresh_token") for form in forms(world)] == [None, None, "r1", "r2"]


def test_without_a_refresh_token_the_person_is_asked_again() -> None:
    """There is no other way."""
    prompts: list[DevicePrompt] = []
    source = device_code(prompts)
    world = World([answer(200, DEVICE), token(), answer(200, DEVICE), token()])
    got(world, source)
    got(world, source)
    assert len(prompts) == 2


SOURCES: list[Callable[[], TokenSource]] = [client_secret, refresh_token, device_code]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("passing", [LOST, answer(500), answer(503), answer(429, None, retry_after="9")])
def test_what_may_pass_is_tried_again(source: Callable[[], TokenSource], passing: Scripted) -> None:
    """Each request of each credential, as the client's own calls are."""
    prompt = [answer(200, DEVICE)] if source is device_code else []
    world = World([passing, *prompt, passing, token()] if prompt else [passing, token()])
    assert got(world, source()).token == "access"
    assert not isinstance(passing, type(answer())) or passing.status != 429 or world.pauses[0] >= 9


@pytest.mark.parametrize("source", SOURCES)
def test_an_authority_that_does_not_answer_is_named(source: Callable[[], TokenSource]) -> None:
    """As a failed connection, after four attempts."""
    world = World([LOST] * 4)
    with pytest.raises(ConnectionFailedError, match=r"login\.microsoftonline\.com.*4 attempts"):
        got(world, source())


def test_a_long_retry_after_of_the_authority_is_an_error_at_once() -> None:
    """It says for how long."""
    with pytest.raises(CredentialError, match="max_retry_after") as caught:
        got(World([answer(429, "slow down", retry_after="4000")]), client_secret())
    assert caught.value.retry_after == 4000


REFUSALS = [
    (
        {
            "error": "invalid_client",
            "error_description": "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2",
            "error_codes": [7000215],
            "correlation_id": "c",
        },
        "AADSTS7000215: Invalid client secret provided.",
        "invalid_client",
    ),
    ({"error": "invalid_grant"}, "invalid_grant", "invalid_grant"),
    ({"Error": "invalid_grant", "Error_Description": "\n\nAADSTS1"}, "AADSTS1", "invalid_grant"),
    ({"error": {"code": 5}}, "code", ""),
    ({"error": ""}, "without a reason", ""),
    ({"error": "a\x1b[31mb"}, "a [31mb", "a [31mb"),
]


@pytest.mark.parametrize("status", [400, 401, 200])
@pytest.mark.parametrize(("body", "said", "code"), REFUSALS)
def test_a_refusal_is_told_in_the_authoritys_words(body: Any, said: str, code: str, status: int) -> None:
    """The first line of it, whatever the status is; nothing is tried again."""
    world = World([answer(status, body)])
    with pytest.raises(CredentialError) as caught:
        got(world, client_secret())
    assert said in str(caught.value)
    assert "Trace" not in str(caught.value)
    assert not code or caught.value.code == code


@pytest.mark.parametrize("body", ["<html>", "", "[]", "5", '"token"', "{}", b"\xff", '{"token_type":"Bearer"}'])
@pytest.mark.parametrize("status", [200, 302, 400, 404, 501])
def test_an_answer_without_a_token_is_an_error(status: int, body: Any) -> None:
    """Whatever it is."""
    with pytest.raises(CredentialError):
        got(World([answer(status, body)]), client_secret())


@given(st.data(), st.sampled_from(SOURCES), st.integers(100, 999))
def test_no_answer_of_an_authority_breaks_anything(
    data: st.DataObject, source: Callable[[], TokenSource], status: int
) -> None:
    """It is a token, or an error of the client's; and neither shows a secret."""
    body = data.draw(HOSTILE_BYTES | HOSTILE_JSON.map(written))
    first = [answer(200, DEVICE)] if source is device_code and data.draw(st.booleans()) else []
    world = World([*first, answer(status, body), answer(400, {"error": "expired_token"})])
    try:
        shown = repr(got(world, source()))
    except PartnerCenterError as error:
        shown = f"{error!s} {error!r} {error.answer!r}"
    assert "hush" not in shown


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("outcome", [LOST, answer(400, {"error": "invalid_grant"}), answer(500), answer(200, "<html>")])
def test_no_secret_is_shown(source: Callable[[], TokenSource], outcome: Scripted) -> None:
    """Neither by the credential, nor by its error, nor by what it sends."""
    one = source()
    world = World([outcome] * 4)
    with pytest.raises(PartnerCenterError) as caught:
        got(world, one)
    shown = f"{one!r} {caught.value!s} {caught.value!r} {world.steps!r} {caught.value.answer!r}"
    assert "hush" not in shown


@pytest.mark.parametrize(("tenant", "client_id"), [("", "app"), (" ", "app"), ("contoso", "")])
def test_what_is_missing_is_refused_when_it_is_made(tenant: str, client_id: str) -> None:
    """Not at the first call."""
    for make in (
        lambda: ClientSecret(tenant, client_id, "s"),
        lambda: RefreshToken(tenant, client_id, "r"),
        lambda: DeviceCode(tenant, client_id, print),
    ):
        with pytest.raises(InvalidArgumentError):
            make()


def test_a_hostile_tenant_stays_in_its_segment() -> None:
    """No tenant leads to another path, and a secret that is no text is not repeated."""
    world = World([token()])
    got(world, ClientSecret("../x?y#z", "app", "s"))
    assert world.requests[0].url == f"{GLOBAL.authority}/..%2Fx%3Fy%23z/oauth2/v2.0/token"
    with pytest.raises(InvalidArgumentError) as caught:
        got(World(), ClientSecret("contoso", "app", "hush\ud800"))
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None
