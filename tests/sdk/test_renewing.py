"""A token that is refused, or has ended, is renewed: once for a refusal, and without being an attempt."""

from typing import Any

import pytest

from tests.sdk.driving import CUSTOMER, SETTINGS, World, answer, tokens, watched
from vetline.sdk import errors
from vetline.sdk.observing import Ended, Event
from vetline.sdk.operations import customers, qualifications
from vetline.sdk.retrying import RetryPolicy
from vetline.sdk.settings import changed
from vetline.sdk.steps import Ask, Conversation
from vetline.sdk.tokens import AccessToken, Brought

BUSY = answer(503)
REFUSED = answer(401, {"code": "800001", "description": "Partner Token missing in request context"})
LIST = qualifications.get_qualifications(CUSTOMER)
DELETE = customers.delete_customer(CUSTOMER)
FOUND = answer(200, [])


def test_a_refused_token_is_renewed_once() -> None:
    """A new token gets one more attempt, at once."""
    world = World([REFUSED, FOUND], tokens("old", "new"))
    assert world.call(LIST) == []
    assert world.given_tokens == ["old", "new"]
    assert not world.pauses


def test_the_same_token_again_is_not_tried_again() -> None:
    """It would be refused again."""
    world = World([REFUSED], tokens("old", "old"))
    with pytest.raises(errors.AuthenticationError) as caught:
        world.call(LIST)
    assert caught.value.code == "800001"


def test_a_text_as_credential_is_not_tried_again() -> None:
    """It cannot be renewed."""
    world = World([REFUSED])
    with pytest.raises(errors.AuthenticationError, match="Partner Token missing"):
        world.call(LIST)
    assert len(world.requests) == 1


def test_a_second_refusal_is_an_error() -> None:
    """Also when every token asked for is a new one, and also after an attempt that failed for another reason."""
    world = World([REFUSED, BUSY, REFUSED], tokens("a", "b", "c", "d"))
    with pytest.raises(errors.AuthenticationError):
        world.call(LIST)
    assert world.given_tokens == ["a", "b", "b"]


def test_a_renewal_is_no_attempt_of_the_policy() -> None:
    """After it, as many attempts are left as before."""
    world = World([REFUSED, BUSY, BUSY, FOUND], tokens("a", "b"))
    world.call(LIST, changed(SETTINGS, retry=RetryPolicy(attempts=3)))
    assert len(world.requests) == 4


def test_a_credential_that_fails_at_the_renewal_is_the_error() -> None:
    """With the identifiers of the call, for support."""

    def give() -> str:
        if given:
            raise errors.CredentialError("the vault is closed")
        given.append(1)
        return "old"

    given: list[int] = []
    seen: list[Event] = []
    world = World([REFUSED], Brought(give))
    with pytest.raises(errors.CredentialError) as caught:
        world.call(LIST, watched(seen))
    assert caught.value.request_id == world.requests[0].headers["MS-RequestId"]
    assert isinstance(seen[-1], Ended)
    assert seen[-1].error == "CredentialError"


def test_a_token_that_ended_during_a_long_pause_is_renewed_before_the_next_attempt() -> None:
    """Rather than being sent and refused."""

    class Hourly:
        """Gives tokens that live for two minutes."""

        def __init__(self) -> None:
            self.count = 0

        def conversation(self, around: Any) -> Conversation[AccessToken]:
            self.count += 1
            yield Ask(lambda: None)
            return AccessToken(f"token-{self.count}", around.wall() + 120)

    world = World([answer(429, retry_after="100"), FOUND], Hourly())
    world.call(LIST)
    assert world.given_tokens == ["token-1", "token-2"]
