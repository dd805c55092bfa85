"""Our own clients under each fault: what can be survived is survived, and nothing is done twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support.partner import submissions
from tests.support.processes import CONTOSO, Sandbox
from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk import errors
from vetline.sdk.credentials import ClientSecret
from vetline.sdk.retrying import RetryPolicy

from .asking import plan
from .requests import CUSTOMER

QUICK = RetryPolicy(backoff=0.01, max_backoff=0.05)
TIMEOUT = 0.6

Do = Callable[..., Awaitable[Any]]


async def submit_blocking(base: str, credential: Any) -> str | None:
    """Ask for Education with the blocking client, in a thread."""

    def ask() -> str | None:
        with PartnerCenter(credential, base_url=base, retry=QUICK, timeout=TIMEOUT) as client:
            return client.customers.by_id(CUSTOMER).qualification.create_qualifications("Education").vetting_status

    return await asyncio.to_thread(ask)


async def submit_async(base: str, credential: Any) -> str | None:
    """Ask for Education with the asynchronous client."""
    async with AsyncPartnerCenter(credential, base_url=base, retry=QUICK, timeout=TIMEOUT) as client:
        qualification = client.customers.by_id(CUSTOMER).qualification
        return (await qualification.create_qualifications("Education")).vetting_status


async def codes_blocking(base: str, credential: Any) -> int:
    """Count the codes with the blocking client, in a thread."""

    def ask() -> int:
        with PartnerCenter(credential, base_url=base, retry=QUICK) as client:
            return len(client.validations.get_validation_codes())

    return await asyncio.to_thread(ask)


async def codes_async(base: str, credential: Any) -> int:
    """Count the codes with the asynchronous client."""
    async with AsyncPartnerCenter(credential, base_url=base, retry=QUICK) as client:
        return len(await client.validations.get_validation_codes())


SUBMIT = [pytest.param(submit_blocking, id="blocking"), pytest.param(submit_async, id="async")]
CODES = [pytest.param(codes_blocking, id="blocking"), pytest.param(codes_async, id="async")]

SURVIVED: list[dict[str, Any]] = [
    {"kind": "throttled", "times": 2, "retryAfterSeconds": 0},
    {"kind": "throttled", "retryAfterForm": "date", "retryAfterSeconds": 1},
    {"kind": "throttled", "retryAfterForm": "none"},
    {"kind": "unexpected", "times": 3},
    {"kind": "unavailable", "retryAfterForm": "none", "times": 3},
    {"kind": "unavailable", "retryAfterSeconds": 1},
    {"kind": "slow", "seconds": 1.2},
    {"kind": "half", "times": 2},
    {"kind": "reset", "times": 3},
    {"kind": "lost", "times": 3},
    {"kind": "expired"},
    {"kind": "revoked"},
    {"kind": "mfa"},
]


@pytest.mark.parametrize("submit", SUBMIT)
@pytest.mark.parametrize("fault", SURVIVED, ids=lambda fault: "-".join(map(str, fault.values())))
async def test_survived(by_hand: Sandbox, fault: dict[str, Any], submit: Do) -> None:
    """The answer comes in the end, and there is one submission."""
    plan(by_hand, fault | {"operation": "create_qualification"})
    assert await submit(by_hand.base, by_hand.fresh_token) == "InReview"
    (entry,) = by_hand.http.get("/sandbox/faults").json()["faults"]
    assert entry["spent"]
    by_hand.http.delete("/sandbox/faults")
    assert submissions(by_hand, CUSTOMER) == 1


GIVEN_UP: list[tuple[dict[str, Any], type[errors.PartnerCenterError], int]] = [
    ({"kind": "throttled", "retryAfterSeconds": 100_000}, errors.ThrottledError, 1),
    ({"kind": "unexpected", "times": 9}, errors.ServerError, 4),
    ({"kind": "reset", "times": 9}, errors.ConnectionFailedError, 4),
    ({"kind": "lost", "times": 9}, errors.ConnectionFailedError, 4),
    ({"kind": "slow", "seconds": 2, "times": 9}, errors.TimedOutError, 4),
    ({"kind": "mfa", "times": 9}, errors.MfaRequiredError, 2),
    ({"kind": "expired", "probability": 1}, errors.AuthenticationError, 2),
]


@pytest.mark.parametrize("submit", SUBMIT)
@pytest.mark.parametrize(("fault", "error", "attempts"), GIVEN_UP, ids=lambda value: str(value))
async def test_given_up(
    by_hand: Sandbox, fault: dict[str, Any], error: type[errors.PartnerCenterError], attempts: int, submit: Do
) -> None:
    """What does not end is told by the documented error, after the documented number of attempts."""
    plan(by_hand, fault | {"operation": "create_qualification"})
    with pytest.raises(error):
        await submit(by_hand.base, by_hand.fresh_token)
    (entry,) = by_hand.http.get("/sandbox/faults").json()["faults"]
    assert entry["struck"] == attempts


def application(sandbox: Sandbox) -> ClientSecret:
    """Return the credential of Contoso's application."""
    partner = next(one for one in sandbox.info["partners"] if one["tenantId"] == CONTOSO)
    found = partner["applications"][0]
    return ClientSecret(CONTOSO, found["clientId"], found["clientSecret"], authority=sandbox.base)


@pytest.mark.parametrize("count", CODES)
@pytest.mark.parametrize("kind", ["throttled", "unexpected", "unavailable", "half", "reset", "lost"])
async def test_the_authoritys_trouble_is_survived(sandbox: Sandbox, kind: str, count: Do) -> None:
    """A token is asked for again, and the call goes on."""
    plan(sandbox, {"kind": kind, "operation": "token"})
    assert await count(sandbox.base, application(sandbox)) == 2
    assert sandbox.http.get("/sandbox/faults").json()["faults"][0]["struck"] == 1


@pytest.mark.parametrize("count", CODES)
@pytest.mark.parametrize(("kind", "number"), [("expired", 700082), ("revoked", 50173), ("mfa", 50076)])
async def test_the_authoritys_refusal_is_told(sandbox: Sandbox, kind: str, number: int, count: Do) -> None:
    """Nobody but a person can help: the error says what the authority said, at once."""
    plan(sandbox, {"kind": kind, "operation": "token", "times": 9})
    with pytest.raises(errors.CredentialError, match=f"AADSTS{number}"):
        await count(sandbox.base, application(sandbox))
    assert sandbox.http.get("/sandbox/faults").json()["faults"][0]["struck"] == 1
