"""The sandbox's own issuer: a signing key and what is published of it. It signs whatever it is given and asks nothing.

Never part of production: it lets anybody who can reach the sandbox be anybody.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jwt
from joserfc.jwk import RSAKey

from vetline.files import replace_file
from vetline.identity.keys import StaticKeys
from vetline.identity.signing_key import new_key
from vetline.identity.trust import PARTNER_CENTER_AUDIENCES, TrustedIssuer

_ALGORITHM = "RS256"


class TokenIssuer:
    """Signs tokens as Entra would.

    Its names, `base` being the authority's URL: `{base}/{tenant}/` for tokens of the v1 endpoints (as
    `https://sts.windows.net/{tenant}/`) and `{base}/{tenant}/v2.0` for those of the v2 endpoints.
    Source: https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats
    """

    def __init__(self, base: str, pem: Path | None = None, first: Callable[[], RSAPrivateKey] = new_key) -> None:
        """Load the signing key, or make one.

        Args:
            base: the authority's URL, such as `http://127.0.0.1:8080`; a trailing slash is dropped.
            pem: where the key is kept between runs, readable by its owner alone; made when missing. None: a new key
                each time, so that tokens of an earlier run count no more.
            first: makes the key when none was kept.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: the file holds no RSA key.
        """
        self.base = base.rstrip("/")
        self._pem = pem
        self._published: list[RSAKey] = [_load(pem) or self._make(first)]
        self._source = StaticKeys(self._published)

    def name(self, tenant: str, *, v2: bool) -> str:
        """Return the issuer's name for a tenant (a GUID, or `{tenantid}`)."""
        return f"{self.base}/{tenant}/v2.0" if v2 else f"{self.base}/{tenant}/"

    def sign(self, claims: Mapping[str, object]) -> str:
        """Sign claims with the newest key.

        Args:
            claims: the whole payload; nothing is added.

        Returns:
            The token, in the compact form.
        """
        key = self._published[0]
        return jwt.encode({"alg": _ALGORITHM, "kid": key.kid}, dict(claims), key, algorithms=[_ALGORITHM])

    def jwks(self) -> dict[str, object]:
        """Return the key set to publish: public parts only, the newest first."""
        return {"keys": [key.as_dict(private=False, use="sig") for key in self._published]}

    def rotate(self, *, keep_previous: bool = False) -> None:
        """Sign with a new key from now on.

        Args:
            keep_previous: whether the last key stays published, as in a planned rollover; otherwise every token
                signed so far counts no more, as after a leak.
        """
        previous = self._published[:1] if keep_previous else []
        self._published = [self._make(new_key), *previous]
        self._source.replace(self._published)

    def trusted(
        self, audiences: frozenset[str] = PARTNER_CENTER_AUDIENCES, operators: frozenset[str] = frozenset()
    ) -> tuple[TrustedIssuer, TrustedIssuer]:
        """Return what a verifier in this process needs to believe this issuer, under both of its names."""
        v1, v2 = (
            TrustedIssuer(self.name("{tenantid}", v2=v2), self._source, audiences, operators=operators)
            for v2 in (False, True)
        )
        return v1, v2

    def _make(self, make: Callable[[], RSAPrivateKey]) -> RSAKey:
        made = make()
        key = RSAKey(made, made)
        key.ensure_kid()
        if self._pem is not None:
            replace_file(self._pem, key.as_pem(private=True))
        return key


def _load(pem: Path | None) -> RSAKey | None:
    if pem is None or not pem.exists():
        return None
    key = RSAKey.import_key(pem.read_bytes())
    if not key.is_private:
        raise ValueError(f"{pem} holds no private key")
    key.ensure_kid()
    return key
