"""Billing profiles under many hands: without a tag the last one wins, with a tag one wins, and retries do not count."""

import uuid
from collections import Counter
from typing import Any

from tests.support.partner import Client, at_once
from tests.support.processes import Sandbox

SCHOOL = "11111111-c0c0-4000-8000-000000000006"
PATH = f"/v1/customers/{SCHOOL}/profiles/billing"
TOGETHER = 32


async def _profile(client: Client, number: int, etag: str = "") -> dict[str, Any]:
    profile: dict[str, Any] = (await client.http.get(PATH)).raise_for_status().json()
    profile["companyName"] = f"Company {number}"
    profile["attributes"] = {"etag": etag} if etag else {}
    return profile


async def test_changes_without_a_tag_are_all_made(sandbox: Sandbox) -> None:
    """Who does not say which version was read is never told that it is stale, however many write at once."""
    async with Client(sandbox) as client:
        profiles = [await _profile(client, number) for number in range(TOGETHER)]
        answers = await at_once(TOGETHER, lambda n: client.send("PUT", PATH, profiles[n]))
        assert Counter(answer.status_code for answer in answers) == {200: TOGETHER}
        tags = {answer.json()["attributes"]["etag"] for answer in answers}
        assert len(tags) == TOGETHER


async def test_changes_with_the_same_tag_are_made_once(sandbox: Sandbox) -> None:
    """One wins; to the others the tag is stale, and nothing of theirs is kept."""
    async with Client(sandbox) as client:
        tag = (await client.http.get(PATH)).json()["attributes"]["etag"]
        profiles = [await _profile(client, number, tag) for number in range(TOGETHER)]
        answers = await at_once(TOGETHER, lambda n: client.send("PUT", PATH, profiles[n]))
        (winner,) = [number for number, answer in enumerate(answers) if answer.status_code == 200]
        lost = {(one.status_code, one.json()["code"]) for one in answers if one.status_code != 200}
        assert lost == {(400, "2055")}
        assert (await client.http.get(PATH)).json()["companyName"] == f"Company {winner}"


async def test_equal_changes_are_made_once(sandbox: Sandbox) -> None:
    """A retry whose first try won is not told that its own tag is stale."""
    async with Client(sandbox) as client:
        tag = (await client.http.get(PATH)).json()["attributes"]["etag"]
        profile, request = await _profile(client, 1, tag), str(uuid.uuid4())
        answers = await at_once(TOGETHER, lambda n: client.send("PUT", PATH, profile, request))
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
