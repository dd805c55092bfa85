"""No secret gets into the journal, in whatever it stands; equal ones get equal marks."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.sandbox.sight.journal.masking import Mask

NAMES = (
    "access_token", "refresh_token", "id_token", "client_secret", "password", "assertion", "client_assertion",
    "device_code", "code_verifier", "Access_Token",
)  # fmt: skip
secrets = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\&=%+'), min_size=8, max_size=60
)
members = st.sampled_from(NAMES)
nests = st.sampled_from(
    [lambda one: one, lambda one: [one], lambda one: {"items": [{"x": one}]}, lambda one: {"a": one}]
)


@given(members, secrets, nests)
def test_none_in_json(name: str, secret: str, nest: object) -> None:
    body = json.dumps(nest({name: secret, "kept": "value"})).encode()  # type: ignore[operator]
    masked = Mask().body(body, b"application/json", authority=False)
    assert secret.encode() not in masked
    assert b'"kept":"value"' in masked


@given(members, secrets)
def test_none_in_a_form(name: str, secret: str) -> None:
    body = urlencode({"client_id": "c", name: secret}).encode()
    masked = Mask().body(body, b"application/x-www-form-urlencoded; charset=utf-8", authority=True)
    assert secret.encode() not in masked
    assert masked.startswith(b"client_id=c&")


@given(members, secrets, st.integers(1, 40))
def test_none_in_a_body_that_is_cut_or_broken(name: str, secret: str, cut: int) -> None:
    body = json.dumps({"kept": "x" * 50, name: secret}).encode()[:-cut]
    assert secret[:8].encode() not in Mask().body(body, b"application/json", authority=False)


@given(secrets)
def test_none_in_addresses(secret: str) -> None:
    location = f"http://127.0.0.1/back?state=s#{urlencode({'access_token': secret})}".encode()
    assert secret.encode() not in Mask().head([(b"Location", location)], authority=True)
    assert secret not in Mask().query(urlencode({"code": secret}).encode(), authority=True)


@given(secrets)
def test_none_in_headers_and_equal_ones_are_equal(secret: str) -> None:
    mask = Mask()
    head = mask.head(
        [(b"Authorization", f"Bearer {secret}".encode()), (b"cookie", secret.encode()), (b"x", b"kept")],
        authority=False,
    )
    mark = mask.mark(secret.encode())
    assert secret.encode() not in head
    assert head == f"\nauthorization: Bearer {mark}\ncookie: {mark}\nx: kept\n".encode()
    assert Mask().mark(secret.encode()) != mark, "marks of another sandbox tell nothing"


def test_a_validation_code_is_no_secret() -> None:
    assert Mask().query(b"code=12345", authority=False) == "code=12345"
    body = b'{"code":"900141","validationCode":"12345"}'
    assert Mask().body(body, b"application/json", authority=False) == body


@pytest.mark.parametrize("where", ["note", "validationCode"])
def test_a_token_is_masked_wherever_it_stands(where: str) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2lnbmF0dXJl"
    assert token.encode() not in Mask().body(json.dumps({where: token}).encode(), b"", authority=False)
    assert token not in Mask().query(f"x={token}".encode(), authority=False)
    assert token.encode() not in Mask().head([(b"x-debug", token.encode())], authority=False)


@given(st.binary(max_size=200), st.binary(max_size=60), st.booleans())
def test_it_never_fails(body: bytes, kind: bytes, authority: bool) -> None:
    mask = Mask()
    mask.body(body, kind, authority=authority)
    mask.body(b'{"password": ' + body, kind, authority=authority)
    mask.query(body, authority=authority)
    mask.head([(b"location", body), (b"authorization", body), (kind, body)], authority=authority)
