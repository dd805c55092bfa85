"""One question, asked by either client, so that one test tries both."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from vetline import AsyncPartnerCenter, PartnerCenter
from vetline.sdk.models.qualifications import CustomerQualification

CUSTOMER = "4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"
TOKEN = "eyJ0.secret-token.c2ln"

Ask = Callable[..., Awaitable[list[CustomerQualification]]]


async def ask_blocking(base: str, times: int = 1, **options: Any) -> list[CustomerQualification]:
    """Read a customer's qualifications with the blocking client, in a thread."""

    def read() -> list[CustomerQualification]:
        with PartnerCenter(TOKEN, base_url=base, **options) as client:
            return [client.customers.by_id(CUSTOMER).qualification.get_qualifications() for _ in range(times)][-1]

    return await asyncio.to_thread(read)


async def ask_async(base: str, times: int = 1, **options: Any) -> list[CustomerQualification]:
    """Read a customer's qualifications with the asynchronous client."""
    async with AsyncPartnerCenter(TOKEN, base_url=base, **options) as client:
        return [await client.customers.by_id(CUSTOMER).qualification.get_qualifications() for _ in range(times)][-1]


BOTH = [pytest.param(ask_blocking, id="blocking"), pytest.param(ask_async, id="async")]
