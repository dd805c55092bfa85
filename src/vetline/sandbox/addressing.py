"""For which world a request is. Pure but for the body of a form, which may be all that names an application."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote

import msgspec

from vetline.api.app import Scope
from vetline.api.reading import Receive

_WORLDS = "/sandbox/worlds/"
_LONGEST_BODY = 64 * 1024
_MOST_FIELDS = 100
_NAMING = ("client_id", "username", "login_hint")
_FORM_PATHS = ("/token", "/devicecode", "/devicelogin")


class _Claims(msgspec.Struct):
    tid: str = ""


class Address(msgspec.Struct, frozen=True):
    """What a request says of its world.

    Parameters:
        world: the id that its path names; empty for none.
        names: tenants, domains and applications that it names, lower-case, the surest first.
        user_code: the code of a device that it carries; empty for none.
        scope: the request as the world is to see it.
        receive: its body.
    """

    world: str
    names: tuple[str, ...]
    user_code: str
    scope: Scope
    receive: Receive


async def address_of(scope: Scope, receive: Receive) -> Address:
    """Return what a request says of its world."""
    path: str = scope["path"]
    if path.startswith(_WORLDS):
        return _by_path(scope, receive)
    names = [*_of_token(scope), *_of_path(path), *_of_form(_fields(scope["query_string"]))]
    user_code = ""
    if path.endswith(_FORM_PATHS):
        body, receive = await _body(receive)
        fields = _fields(body)
        names += [*_of_basic(scope), *_of_form(fields)]
        user_code = fields.get("user_code", "")
    return Address("", tuple(name.lower() for name in names), user_code, scope, receive)


def _by_path(scope: Scope, receive: Receive) -> Address:
    """The address of a world itself, `/sandbox/worlds/{id}`, is the first world's."""
    world, slash, rest = scope["path"].removeprefix(_WORLDS).partition("/")
    if not slash:
        return Address("", (), "", scope, receive)
    inside = f"/sandbox/{rest}"
    return Address(world, (), "", {**scope, "path": inside, "raw_path": inside.encode()}, receive)


def _of_token(scope: Scope) -> Iterator[str]:
    """Yield the tenant of a bearer token; whether it is true is for that tenant's world to find out."""
    scheme, _, token = _authorization(scope).partition(b" ")
    parts = token.strip().split(b".")
    if scheme.lower() == b"bearer" and len(parts) == 3:
        try:
            yield msgspec.json.decode(_decoded(parts[1]), type=_Claims).tid
        except (msgspec.MsgspecError, binascii.Error, ValueError):
            return


def _of_basic(scope: Scope) -> Iterator[str]:
    """Yield the application that proves itself in a header: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1."""
    scheme, _, encoded = _authorization(scope).partition(b" ")
    if scheme.lower() == b"basic":
        try:
            yield unquote(base64.b64decode(encoded.strip()).partition(b":")[0].decode("ascii"))
        except (binascii.Error, ValueError):
            return


def _of_path(path: str) -> Iterator[str]:
    """Yield the tenant that an authority's path begins with, or the domain of the user whose realm is asked for."""
    first, _, rest = path.removeprefix("/").partition("/")
    yield first
    if rest.startswith("userrealm/"):
        yield rest.rpartition("@")[2]


def _of_form(fields: Mapping[str, str]) -> Iterator[str]:
    """Yield the application that a form names, and the domain of its user."""
    for name in _NAMING:
        if value := fields.get(name):
            yield value.rpartition("@")[2]


def _fields(form: bytes) -> dict[str, str]:
    return dict(parse_qsl(form.decode("latin-1"))) if form.count(b"&") < _MOST_FIELDS else {}


def _authorization(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")


def _decoded(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


async def _body(receive: Receive) -> tuple[bytes, Receive]:
    """Return the beginning of a body, as far as a token request needs one, and a way to receive it all again."""
    kept, body = [], b""
    while True:
        message = await receive()
        kept.append(message)
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body") or len(body) > _LONGEST_BODY:
            break

    async def again() -> object:
        return kept.pop(0) if kept else await receive()

    return body, again  # type: ignore[return-value]
