"""Which keys of a published set are taken."""

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from vetline.identity.jwks import KeysUnavailable, read_keys

_GOOD: dict[str, Any] = dict(RSAKey.generate_key(2048, {"kid": "good", "use": "sig"}).as_dict(private=True))


def kept(*entries: object) -> set[str]:
    """Return the ids of the keys taken from a set of a good one and `entries`."""
    return set(read_keys(json.dumps({"keys": [_GOOD, *entries]}).encode()))


def test_rsa_and_ec_keys_are_taken_without_their_private_parts() -> None:
    curve = ECKey.generate_key("P-256", {"kid": "curve"}).as_dict(private=False)
    assert kept(curve) == {"good", "curve"}
    assert not any(key.is_private for key in read_keys(json.dumps({"keys": [_GOOD]}).encode()).values())


@pytest.mark.parametrize(
    "entry",
    [
        OctKey.generate_key(256, {"kid": "symmetric"}).as_dict(),
        OKPKey.generate_key("Ed25519", {"kid": "edwards"}).as_dict(private=False),
        _GOOD | {"kid": "encryption", "use": "enc"},
        _GOOD | {"kid": 7},
        {name: value for name, value in _GOOD.items() if name != "kid"},
        _GOOD | {"kid": ""},
        _GOOD | {"kid": "weak", "n": _GOOD["n"][:170]},
        _GOOD | {"kid": "huge", "n": _GOOD["n"] * 5},
        _GOOD | {"kid": "broken", "n": "!"},
        _GOOD | {"kid": "broken", "n": 5},
        _GOOD | {"kid": "broken", "n": ""},
        _GOOD | {"kid": "even", "e": "AA"},
        {"kid": "no numbers", "kty": "RSA"},
        {"kid": "no type"},
        {"kid": "off the curve", "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kid": "no such curve", "kty": "EC", "crv": "P-1", "x": "AAAA", "y": "AAAA"},
        {"kid": "list", "kty": ["RSA"]},
    ],
    ids=lambda entry: str(entry.get("kid")),
)
def test_a_key_that_will_not_do_is_passed_over(entry: dict[str, object]) -> None:
    assert kept(entry) == {"good"}


def test_a_set_without_a_usable_key_is_no_answer() -> None:
    with pytest.raises(KeysUnavailable):
        read_keys(b'{"keys":[{"kid":"a","kty":"oct","k":"AAAA"}]}')
