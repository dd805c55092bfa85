"""The sandbox's issuer: what it keeps, what it publishes, what it signs."""

import stat
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from vetline.identity.issuer import TokenIssuer
from vetline.identity.verifier import TokenVerifier

from .tokens import BASE, NOW, TENANT, good_claims


def test_only_public_parts_are_published(issuer: TokenIssuer) -> None:
    keys: Any = issuer.jwks()["keys"]
    assert [set(key) for key in keys] == [{"kty", "n", "e", "kid", "use"}]


async def test_a_key_kept_in_a_file_outlives_the_run(tmp_path: Path) -> None:
    pem = tmp_path / "issuer.pem"
    first = TokenIssuer(BASE, pem)
    assert stat.S_IMODE(pem.stat().st_mode) == 0o600
    second = TokenIssuer(BASE, pem)
    assert second.jwks() == first.jwks()
    assert (await TokenVerifier(second.trusted()).verify(first.sign(good_claims(first)), NOW)).tenant == TENANT


def test_a_rotated_key_is_kept_too(tmp_path: Path) -> None:
    pem = tmp_path / "issuer.pem"
    issuer = TokenIssuer(BASE, pem)
    issuer.rotate()
    assert TokenIssuer(BASE, pem).jwks() == issuer.jwks()
    assert [path.name for path in tmp_path.iterdir()] == ["issuer.pem"]


def test_a_public_key_cannot_sign(tmp_path: Path) -> None:
    pem = tmp_path / "issuer.pem"
    pem.write_bytes(RSAKey.generate_key(2048).as_pem(private=False))
    with pytest.raises(ValueError, match="private"):
        TokenIssuer(BASE, pem)


def test_a_planned_rollover_publishes_both_keys() -> None:
    issuer = TokenIssuer(BASE)
    issuer.rotate(keep_previous=True)
    keys: Any = issuer.jwks()["keys"]
    assert len({key["kid"] for key in keys}) == 2
