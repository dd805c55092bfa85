"""Who gets into the pages: reviewers by their role, partners' people by their tenant, and nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from vetline.clock import SystemClock
from vetline.console.entrance import Entrance, EntranceChoices, entrance
from vetline.desk.sessions import SessionDesk
from vetline.identity.caller import ADMINISTRATOR, REVIEWER
from vetline.identity.signing_in import SignedIn
from vetline.store.sqlite.store import SqliteStore

PARTNER = "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
STRANGER = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
OPERATOR = "5c9e7d3a-2b64-4f1e-9a7c-1d8e4b6f0a93"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[SessionDesk]:
    """A desk over a fresh store."""
    store = SqliteStore(tmp_path / "vetline.db")
    yield SessionDesk(store)
    await store.close()


def _entrance(desk: SessionDesk, *partners: str, **changes: str) -> Entrance:
    told = {"url": "https://vetline.example", "authority": "https://issuer.example", "secret": "s" * 32} | changes
    choices = EntranceChoices(
        **told, client_id="c", client_secret="", partners=frozenset(partners), operators=frozenset({OPERATOR})
    )
    return entrance(choices, desk, SystemClock(), httpx2.AsyncClient())


def _admitted(way_in: Entrance, tenant: str, *roles: str) -> str:
    person = way_in.admit(SignedIn(tenant, "user", "Ada", frozenset(roles)))
    return person.actor if person else ""


async def test_named_partners_and_people_with_roles_get_in(desk: SessionDesk) -> None:
    """A role of ours comes from an operator's tenant alone, so it needs no other leave."""
    way_in = _entrance(desk, PARTNER)
    assert _admitted(way_in, PARTNER) == "partner:user"
    assert _admitted(way_in, STRANGER) == ""
    assert _admitted(way_in, OPERATOR) == ""
    assert _admitted(way_in, OPERATOR, REVIEWER) == _admitted(way_in, OPERATOR, ADMINISTRATOR) == "reviewer:user"
    await way_in.aclose()


async def test_without_names_every_tenant_is_a_partner_but_the_operators(desk: SessionDesk) -> None:
    """Its people without a role are nobody: they have no customers."""
    way_in = _entrance(desk)
    assert [bool(_admitted(way_in, tenant)) for tenant in (PARTNER, STRANGER, OPERATOR)] == [True, True, False]
    await way_in.aclose()


async def test_only_roles_that_pages_ask_for_are_kept(desk: SessionDesk) -> None:
    """There is no end to the number of an application's other roles, but to a cookie's length there is."""
    way_in = _entrance(desk)
    found = way_in.admit(SignedIn(PARTNER, "user", "Ada", frozenset({"DirectoryReaders", *map(str, range(999))})))
    assert found is not None
    assert found.roles == {"DirectoryReaders"}
    await way_in.aclose()


@pytest.mark.parametrize("changes", [{"authority": "http://issuer.example"}, {"secret": "short"}])
async def test_what_is_not_safe_is_no_entrance(desk: SessionDesk, changes: dict[str, str]) -> None:
    """An issuer that anybody on the way could be, and a secret that anybody could guess."""
    with pytest.raises(ValueError, match=r"over https|at least 32"):
        _entrance(desk, **changes)
