"""A world as a test sees it, over a real sandbox."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from vetline import CustomerQualification, PartnerCenter, PartnerCenterError
from vetline.sdk.errors import MfaRequiredError
from vetline.testing import Sandbox, SandboxError, SandboxProcess, World


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    """A sandbox for the tests of this file."""
    with SandboxProcess() as found:
        yield found


@pytest.fixture
def world(running: Sandbox) -> Iterator[World]:
    """A world for one test."""
    with running.world() as found:
        yield found


def standing(client: PartnerCenter, world: World, customer: str = "harvard.edu") -> list[CustomerQualification]:
    """Return how a customer stands."""
    return client.customers.by_id(world.customer(customer).id).qualification.get_qualifications()


def ask(client: PartnerCenter, world: World, customer: str = "harvard.edu") -> None:
    """Ask for the customer's qualification."""
    client.customers.by_id(world.customer(customer).id).qualification.create_qualifications("Education")


def test_it_tells_who_is_there(world: World) -> None:
    """By values."""
    assert [one.name for one in world.partners] == ["Contoso, Inc.", "Fabrikam, Inc."]
    assert world.partner.tenant_id == world.tenant
    assert {one.validation_id: one.remaining_creates for one in world.codes} == {"12345": 4, "987654": 5}
    assert world.customer("HARVARD.edu") is world.customer("Harvard University")
    assert world.customer(str(world.customer("ox.ac.uk"))).company_name == "University of Oxford"
    assert len(world.customers) == 9
    assert [one.mfa for one in world.review_desk.users] == [True, True]


def test_secrets_stand_in_no_repr(world: World) -> None:
    """A failing test's report shows the reprs of everything."""
    shown = repr((world, *world.partners, *world.partner.users, *world.partner.applications, *world.codes))
    assert world.id in shown
    assert not {"contoso-sandbox-secret", "'sandbox'"} & set(shown.replace(",", " ").split())
    assert repr(world.clock) == f"Clock('/sandbox/worlds/{world.id}')"


@pytest.mark.parametrize("named", ["nobody.example", "22222222-0000-4000-8000-000000000000"])
def test_an_unknown_customer_is_said_with_those_there_are(world: World, named: str) -> None:
    """So that a slip is seen at once."""
    with pytest.raises(SandboxError, match=f"'{named}'. It has: .*harvard.edu"):
        world.customer(named)


def test_customers_that_came_since_are_found(world: World) -> None:
    """Through the client, or by a seed."""
    world.seed([{"companyName": "Relecloud", "domain": "relecloud.example"}], [{"validationId": "777"}])
    assert world.customer("relecloud.example") in world.customers
    assert "777" in [one.validation_id for one in world.codes]


def test_clients_are_whom_one_asks_for(world: World) -> None:
    """With MFA, without, the application alone, another partner, a reviewer."""
    ask(world.client(), world)
    assert standing(world.client(app_only=True), world)
    with pytest.raises(MfaRequiredError):
        standing(world.client(user="bob"), world)
    with pytest.raises(PartnerCenterError):
        standing(world.client(partner="Fabrikam"), world)
    assert len([*world.client(partner="Fabrikam").customers.list()]) == 3
    assert world.client(reviewer=True).review.queue().items == ()


async def test_clients_for_an_event_loop(world: World) -> None:
    """They have the same names."""
    async with world.async_client() as client:
        found = await client.customers.by_id(world.customer("harvard.edu").id).qualification.get_qualifications()
    assert found == []


@pytest.mark.parametrize(("who", "sentence"), [({"user": "eve"}, "There are: ada@"), ({"partner": "A"}, "Contoso")])
def test_who_is_not_there_cannot_sign_in(world: World, who: dict[str, str], sentence: str) -> None:
    """The sentence says who could."""
    with pytest.raises(SandboxError, match=sentence):
        world.token(**who)  # type: ignore[arg-type]


def test_the_clock_stands_and_jumps(world: World) -> None:
    """By words, by distances, by seconds, to a moment; never back."""
    clock, begun = world.clock, world.clock.freeze()
    assert clock.advance("36 hours") == begun + timedelta(hours=36)
    assert clock.advance(timedelta(days=1)) == begun + timedelta(hours=60)
    assert clock.advance(0.5) == begun + timedelta(hours=60, seconds=0.5)
    assert clock.move_to(begun + timedelta(days=9)) == clock.now()
    with pytest.raises(SandboxError, match="forward"):
        clock.move_to(begun)
    assert clock.let_go() >= begun + timedelta(days=9)


def test_a_client_goes_on_after_a_jump(world: World) -> None:
    """Its token has lapsed by then: it asks for another."""
    client = world.client()
    assert standing(client, world) == []
    world.clock.advance("2 weeks")
    assert standing(client, world) == []


def test_modes_and_decisions(world: World) -> None:
    """For some, for all, now and beforehand."""
    client = world.client()
    world.vetting.mode("by-hand")
    world.vetting.mode("immediate", domain="*.ac.uk")
    ask(client, world, "ox.ac.uk")
    ask(client, world)
    assert [standing(client, world, one)[0].vetting_status for one in ("ox.ac.uk", "harvard.edu")] == [
        "Approved",
        "InReview",
    ]
    world.decide("harvard.edu", "Denied", "Not an eligible Museum")
    assert standing(client, world)[0].vetting_reason == "Not an eligible Museum"
    world.decide_next("Denied", "Not an Academic Domain", customer="City of Redmond", qualification="Education")
    assert len(world.vetting.shown()["next"]) == 1
    world.vetting.reset()
    assert world.vetting.shown()["next"] == []


@pytest.mark.parametrize(("status", "reason"), [("Denied", ""), ("Perhaps", ""), ("Denied", "Not nice")])
def test_decisions_that_there_are_not(world: World, status: str, reason: str) -> None:
    """The sentence names those that there are."""
    with pytest.raises(SandboxError, match="vettingStatus must be Approved, or Denied with a vettingReason"):
        world.decide_next(status, reason)


def test_four_eyes_are_a_switch(world: World) -> None:
    """Shown by the control route that it is for."""
    world.vetting.four_eyes("denials", "government")
    assert world.control.ask("GET", "/review") == {"fourEyes": ["denials", "government"]}
    world.vetting.four_eyes()
    assert world.control.ask("GET", "/review") == {"fourEyes": []}
    with pytest.raises(SandboxError, match="denials, government"):
        world.vetting.four_eyes("approvals")


def test_a_snapshot_is_restored_in_another_world(running: Sandbox, world: World) -> None:
    """With its customers and cases; under the other's own tenants."""
    world.vetting.mode("by-hand")
    world.seed([{"companyName": "Relecloud", "domain": "relecloud.example"}])
    ask(world.client(), world, "relecloud.example")
    with running.world() as other:
        other.restore(world.snapshot())
        assert standing(other.client(), other, "relecloud.example")[0].vetting_status == "InReview"
        other.reset()
        assert len(other.customers) == 9


def test_worlds_are_made_with_what_is_brought_along(running: Sandbox) -> None:
    """In place of what is usual."""
    with running.world(
        vetting="immediate",
        customers=[{"companyName": "Relecloud", "domain": "relecloud.example"}],
        validation_codes=[{"validationId": "777", "maxCreates": 1}],
    ) as world:
        assert [one.domain for one in world.customers] == ["relecloud.example"]
        assert [one.validation_id for one in world.codes] == ["777"]


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_files_are_brought_along(world: World, tmp_path: Path, ending: str) -> None:
    """Customers of a CSV, or everything of a JSON."""
    file = tmp_path / f"seeds{ending}"
    texts = {
        ".csv": "companyName,domain\nRelecloud,relecloud.example\n",
        ".json": '{"customers": [{"companyName": "Relecloud", "domain": "relecloud.example"}]}',
    }
    file.write_text(texts[ending], "utf-8")
    world.seed_file(file)
    assert world.customer("relecloud.example").company_name == "Relecloud"


def test_faults_strike_and_are_seen(world: World) -> None:
    """What the client survives, the journal has."""
    world.faults.add("unavailable", "list_customers", times=1, retry_after_seconds=0)
    assert len([*world.client().customers.list()]) == 6
    assert [(one["kind"], one["struck"]) for one in world.faults.shown()] == [("unavailable", 1)]
    assert [one["status"] for one in world.journal.search(path="/v1/customers")] == [503, 200]
    world.journal.verify(path="/v1/customers", times=2)
    with pytest.raises(AssertionError, match="expected at least 3 times, and was asked 2 times"):
        world.journal.verify(path="/v1/customers", at_least=3)
    world.faults.begin_again(7)
    world.faults.clear()
    world.journal.clear()
    assert (world.faults.shown(), world.journal.search()) == ([], [])


def test_what_there_is_not_is_no_failed_assertion(world: World) -> None:
    """A slip in a test is not a finding about the client."""
    with pytest.raises(SandboxError):
        world.journal.verify(colour="green")
    with pytest.raises(SandboxError, match="kind"):
        world.faults.add("earthquake")


def test_the_scorecard_is_at_hand(world: World) -> None:
    """Of all clients, or of some."""
    world.faults.add("throttled", "list_customers", times=1, retry_after_seconds=1)
    assert len([*world.client().customers.list()]) == 6
    outcomes = {one["id"]: one["outcome"] for one in world.scorecard()["items"]}
    assert outcomes["retry-after"] == "passed"
    assert world.scorecard("nobody") != world.scorecard()


def test_a_world_ends_once_and_takes_its_clients_along(running: Sandbox) -> None:
    """Nothing of it answers any more."""
    world = running.world()
    client = world.client()
    world.close()
    world.close()
    with pytest.raises(PartnerCenterError):
        list(client.customers.list())
    with pytest.raises(SandboxError, match="there is no such world"):
        world.clock.now()


def test_the_first_world_is_everybodys(running: Sandbox) -> None:
    """It has no id, and stays."""
    with running.first_world() as first:
        assert first.tenant == "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d"
    assert running.first_world().tenant == first.tenant
