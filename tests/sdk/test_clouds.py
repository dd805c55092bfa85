"""The three clouds: where the client calls, who signs in, and for whom its tokens are."""

from typing import Any

import pytest

from tests.sdk.driving import World, answer
from vetline import PartnerCenter
from vetline.sdk.clouds import CLOUDS
from vetline.sdk.credentials import ClientSecret
from vetline.sdk.errors import CredentialError, InvalidArgumentError
from vetline.sdk.observing import Begun, Event
from vetline.sdk.settings import settings_for

GLOBAL = "https://api.partnercenter.microsoft.com"
CHINA = "https://partner.partnercenterapi.microsoftonline.cn"

# contract.md's table of clouds: the base, the authority, the audience.
TABLE = {
    "global": (GLOBAL, "https://login.microsoftonline.com", GLOBAL),
    "us-gov": (GLOBAL, "https://login.microsoftonline.us", GLOBAL),
    "china": (CHINA, "https://login.partner.microsoftonline.cn", CHINA),
}


class Asked:
    """A credential as azure-identity's: it keeps the scopes it is asked for, and gives nothing."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    def get_token(self, *scopes: str) -> str:
        """Keep the scopes."""
        self.scopes += scopes
        raise LookupError("no token in a test")


def _called(**options: Any) -> tuple[list[str], list[Event]]:
    credential, events = Asked(), list[Event]()
    with PartnerCenter(credential, on_event=events.append, **options) as partner, pytest.raises(CredentialError):
        partner.validations.get_validation_codes()
    return credential.scopes, events


def test_there_are_three() -> None:
    """Germany's is closed."""
    assert set(CLOUDS) == set(TABLE)


@pytest.mark.parametrize("cloud", TABLE)
def test_the_client_calls_its_cloud_with_a_token_for_it(cloud: str) -> None:
    """The scope is what the credential is really asked for."""
    base, _, audience = TABLE[cloud]
    scopes, events = _called(cloud=cloud)
    assert scopes == [f"{audience}/.default"]
    assert isinstance(events[0], Begun)
    assert f"https://{events[0].server}" == base


@pytest.mark.parametrize("cloud", TABLE)
def test_the_authority_is_asked_for_the_clouds_scope(cloud: str) -> None:
    """By the client's own credentials."""
    _, authority, audience = TABLE[cloud]
    place = CLOUDS[cloud]
    world = World([answer(200, {"access_token": "a"})])
    world.run(
        ClientSecret("contoso", "app", "s", authority=place.authority, scope=place.scope).conversation(world.around)
    )
    assert world.requests[0].url == f"{authority}/contoso/oauth2/v2.0/token"
    assert b"scope=" + f"{audience}/.default".replace(":", "%3A").replace("/", "%2F").encode() in world.requests[0].body


def test_another_address_or_scope_prevails() -> None:
    """For a service of one's own."""
    scopes, events = _called(base_url="http://127.0.0.1:8080/", cloud="china", scope="api://mine/.default")
    assert scopes == ["api://mine/.default"]
    assert isinstance(events[0], Begun)
    assert events[0].server == "127.0.0.1:8080"


@pytest.mark.parametrize("given", ["https://a.test", "https://a.test/", "https://a.test/v1", "https://a.test/v1/"])
def test_the_documents_base_with_its_version_is_understood(given: str) -> None:
    """Every path begins with /v1 already."""
    assert settings_for(given, "global", None)[0] == "https://a.test"


HOSTILE: list[Any] = [
    *("", "a.test", "ftp://a.test", "https://", "https://a.test?x=1", "https://a.test#x", "http://[broken"),
    *("https://a.test:99999", "https://a.test:0", "https://a.test:x", "https://a b", "https://a\n.test"),
    *("https://user:hush@a.test", "https://ä.test", 5, b"https://a.test"),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_no_address_is_refused_and_not_repeated(hostile: Any) -> None:
    """It may hold a password."""
    with pytest.raises(InvalidArgumentError) as caught:
        PartnerCenter("token", base_url=hostile)
    assert "hush" not in str(caught.value)
    with pytest.raises(InvalidArgumentError) as caught:
        ClientSecret("contoso", "app", "s", authority=hostile)
    assert "hush" not in str(caught.value)


def test_an_unknown_cloud_is_refused_with_the_known_ones() -> None:
    """The message is the list."""
    with pytest.raises(InvalidArgumentError, match="global, us-gov, china"):
        PartnerCenter("token", cloud="germany")
