"""The words of a sign-in by OpenID Connect: what is begun, who comes of it, why nobody does. Values only."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import NamedTuple


class SignInProblem(Enum):
    """Why somebody is not signed in."""

    UNREACHABLE = "unreachable"
    MISCONFIGURED = "misconfigured"
    DECLINED = "declined"
    CONSENT = "consent"
    USED_UP = "used-up"
    CLOCK = "clock"
    NOT_BELIEVED = "not-believed"
    WITHOUT_MFA = "without-mfa"


class SignInRefused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """Nobody is signed in.

    Attributes:
        problem: why.
        detail: one sentence for the log; it never holds a code, a token or a secret.
    """

    def __init__(self, problem: SignInProblem, detail: str) -> None:
        """Keep the problem and its detail."""
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Registration:
    """What an issuer knows us by.

    Attributes:
        client_id: the application's id.
        client_secret: its secret; empty for a public client.
        redirect_uri: where the issuer sends people back to.
    """

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


class Attempt(NamedTuple):
    """A sign-in that was begun; who comes back has to know it.

    Attributes:
        state: comes back in the address. https://datatracker.ietf.org/doc/html/rfc6749#section-10.12
        nonce: comes back in the id token. https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes
        verifier: proves that the code is ours. https://datatracker.ietf.org/doc/html/rfc7636#section-4.1
    """

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begun(cls) -> "Attempt":
        """Return a new one, which nobody can guess."""
        return cls(*(secrets.token_urlsafe(32) for _ in cls._fields))

    @property
    def challenge(self) -> str:
        """What is told of the verifier beforehand (S256)."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came of a sign-in.

    Attributes:
        tenant: their organisation, a GUID in lower case with hyphens.
        user: their stable id, the same as in their access tokens.
        name: what they are called.
        roles: application roles, and directory roles by their plain names.
    """

    tenant: str
    user: str
    name: str
    roles: frozenset[str]
