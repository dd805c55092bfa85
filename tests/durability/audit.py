"""The audit logs of cases, as a reviewer reads them, for the checker."""

import asyncio
from collections.abc import Sequence

from tests.durability.checker import Key, Step, Timelines
from tests.support.partner import Client, case_path

TOGETHER = 32
WORDS = ("step", "stage", "date", "attempt", "actor")


async def timelines_of(reviewer: Client, keys: Sequence[Key]) -> Timelines:
    """Return the log of each case that there is."""
    found: Timelines = {}
    waiting = list(keys)

    async def read() -> None:
        while waiting:
            key = waiting.pop()
            answer = await reviewer.http.get(case_path(*key))
            if answer.status_code != 404:
                log = answer.raise_for_status().json()["history"]
                found[key] = [Step(**{word: one[word] for word in WORDS}) for one in log]

    await asyncio.gather(*(read() for _ in range(TOGETHER)))
    return found
