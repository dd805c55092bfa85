"""What the authority remembers between requests: codes, refresh tokens, device codes. In memory, bounded, by time."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from vetline.sandbox.authority.asking import Asked
from vetline.sandbox.contents.directory import SandboxApplication, SandboxTenant, SandboxUser

T = TypeVar("T")

_CAPACITY = 5_000
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
CODE_LIVES = timedelta(minutes=10)
# https://learn.microsoft.com/entra/identity-platform/refresh-tokens#token-lifetime
REFRESH_LIVES = timedelta(days=90)
# https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
DEVICE_LIVES = timedelta(minutes=15)


class SignIn(msgspec.Struct, frozen=True):
    """Who is to be named in a token: the application, and the user unless it calls for itself.

    Attributes:
        with_secret: whether the application proved itself by its secret.
    """

    tenant: SandboxTenant
    application: SandboxApplication
    user: SandboxUser | None
    with_secret: bool


class Family(msgspec.Struct):
    """All that came from one sign-in. Once a part of it is used twice, none of it counts any more (RFC 9700, 4.14)."""

    alive: bool = True


class Code(msgspec.Struct):
    """An authorization code: who signed in, for what, where it was sent, and what its redeemer must prove."""

    tenant: SandboxTenant
    application: SandboxApplication
    user: SandboxUser
    asked: Asked
    redirect: str
    challenge: str | None
    nonce: str | None
    family: Family = msgspec.field(default_factory=Family)
    redeemed: bool = False


class Refresh(msgspec.Struct):
    """A refresh token: good once; its answer carries the next."""

    sign_in: SignIn
    asked: Asked
    family: Family
    used: bool = False


class Device(msgspec.Struct):
    """A device that waits for somebody to enter its code."""

    tenant: SandboxTenant
    application: SandboxApplication
    asked: Asked
    user_code: str
    user: SandboxUser | None = None


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A remembered thing and the end of its life."""

    value: T
    until: datetime


class Shelf(Generic[T]):
    """Things by a secret name. The oldest make room for the newest; what has lapsed is still known to have lapsed."""

    def __init__(self, lives: timedelta, capacity: int = _CAPACITY) -> None:
        """Keep each thing for `lives`, and no more than `capacity` of them."""
        self._lives = lives
        self._capacity = capacity
        self._kept: OrderedDict[str, Kept[T]] = OrderedDict()

    def put(self, value: T, now: datetime, name: str | None = None) -> str:
        """Keep `value` under `name`, or under a new secret, and return that."""
        name = name or secrets.token_urlsafe(32)
        self._kept[name] = Kept(value, now + self._lives)
        if len(self._kept) > self._capacity:
            self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> Kept[T] | None:
        """Return what is kept under `name`, lapsed or not, or None."""
        return self._kept.get(name)

    def drop(self, name: str) -> None:
        """Forget what is kept under `name`, if anything."""
        self._kept.pop(name, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def __len__(self) -> int:
        """Return how many things are kept."""
        return len(self._kept)


class Ledger:
    """The authority's memory. Nothing of it survives the process."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.codes: Shelf[Code] = Shelf(CODE_LIVES)
        self.refreshes: Shelf[Refresh] = Shelf(REFRESH_LIVES)
        self.devices: Shelf[Device] = Shelf(DEVICE_LIVES)
        self.devices_by_user_code: Shelf[Device] = Shelf(DEVICE_LIVES)

    def clear(self) -> None:
        """Forget everything: nobody has signed in yet."""
        for shelf in (self.codes, self.refreshes, self.devices, self.devices_by_user_code):
            shelf.clear()
