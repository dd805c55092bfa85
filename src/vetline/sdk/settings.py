"""How a client calls: everything that can be set for a client and for a call."""

import random
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from vetline.clock import SystemClock
from vetline.sdk.checking import check_header, check_positive, check_url
from vetline.sdk.clouds import cloud_named
from vetline.sdk.observing import OnAnswer, OnEvent
from vetline.sdk.retrying import RetryPolicy


class CallSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How calls are made.

    Parameters:
        base_url: where the service answers, without a path.
        timeout: the seconds for one attempt.
        retry: the numbers of retrying.
        headers: sent with every call.
        locale: in which language the service answers, such as ``en-US``.
        correlation_id: the MS-CorrelationId of every call; empty for a fresh one each.
        application_name: sent as MS-PartnerCenter-Application; empty for none.
        on_event: told what happens; see `vetline.sdk.observing`.
        on_answer: given every request (with its token) and its raw answer.
    """

    base_url: str
    timeout: float = 60.0
    retry: RetryPolicy = RetryPolicy()
    headers: Mapping[str, str] = {}
    locale: str = "en-US"
    correlation_id: str = ""
    application_name: str = ""
    on_event: OnEvent | None = None
    on_answer: OnAnswer | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be sent."""
        check_positive("timeout", self.timeout)
        own = {
            "X-Locale": self.locale,
            "MS-CorrelationId": self.correlation_id,
            "application_name": self.application_name,
        }
        for name, value in [*own.items(), *self.headers.items()]:
            check_header(name, value)


class Surroundings(msgspec.Struct, frozen=True):
    """What a conversation needs from the world beside I/O: time, chance and fresh identifiers.

    Parameters:
        monotonic: seconds that only go forward.
        wall: seconds since 1970.
        chance: a random number from 0 to 1.
        fresh_id: a new GUID.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = lambda: SystemClock().now().timestamp()
    chance: Callable[[], float] = random.random
    fresh_id: Callable[[], str] = lambda: str(uuid.uuid4())


def changed(settings: CallSettings, **changes: Any) -> CallSettings:
    """Return settings with some of them changed; `None` changes nothing."""
    return msgspec.structs.replace(settings, **{name: value for name, value in changes.items() if value is not None})


def settings_for(base_url: str | None, cloud: str, scope: str | None) -> tuple[str, str]:
    """Return where the service answers, and the scope of its tokens.

    Raises:
        InvalidArgumentError: the URL is none, or there is no such cloud.
    """
    place = cloud_named(cloud)
    if base_url is None:
        return place.base_url, scope or place.scope
    check_url("base_url", base_url)
    return base_url.rstrip("/").removesuffix("/v1"), scope or place.scope
