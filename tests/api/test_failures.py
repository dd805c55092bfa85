"""When something goes wrong here: the client is told so in the fault shape, and nothing of what it was."""

import socket

import httpx2

from tests.api.conftest import Serve
from tests.contract.laws import broken_laws
from tests.support.authority import Authority
from tests.support.processes import CONTOSO
from tests.support.sending import Received, Sent, send
from vetline.api.app import Api
from vetline.api.bearer import Bearer
from vetline.api.beside import Health, beside
from vetline.api.call import Answer, Call
from vetline.api.described import Described
from vetline.api.limiter import Limiter
from vetline.api.metrics import Metrics
from vetline.api.router import Needs, Route, Router
from vetline.clock import SystemClock
from vetline.identity.verifier import TokenVerifier
from vetline.store.port import UnavailableError
from vetline.store.sqlite.store import SqliteStore
from vetline.wire.contracts import DOCUMENTED


async def _breaks(call: Call) -> Answer:
    raise RuntimeError("the password is secret")


async def _unavailable(call: Call) -> Answer:
    raise UnavailableError("disk /secret is full")


ROUTES = (
    Route("GET", "/v1/breaks", _breaks, Needs.ANY_CALLER, "Breaks", "docs/wire.md"),
    Route("POST", "/v1/breaks", _breaks, Needs.ANY_CALLER, "Breaks", "docs/wire.md", retryable=True),
    Route("GET", "/v1/unavailable", _unavailable, Needs.ANY_CALLER, "Is unavailable", "docs/wire.md"),
)


def test_the_issuer_is_out_of_reach(serve: Serve, authority: Authority) -> None:
    """Without keys nobody can be told from anybody: 503 with Retry-After, and a retry is worth it."""
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        service = serve(jwks_url=f"http://127.0.0.1:{nobody_listens.getsockname()[1]}/keys")
        sent = Sent("GET", "/v1/customers", authority.bearer(CONTOSO))
        found = send(service.http, sent)
    assert (found.status, found.header("retry-after")) == (503, "5")
    assert b'"900192"' in found.body
    assert list(broken_laws(sent, found)) == []


async def test_the_unexpected(store: SqliteStore, authority: Authority) -> None:
    """A failure nobody thought of is a 500 with the documented code, its cause in the log alone."""
    for method in ("GET", "POST"):
        found = await _answer(_app(store, authority, *ROUTES), authority, method, "/v1/breaks")
        assert found.status == 500
        assert b'"800003"' in found.body
        assert b"secret" not in found.body


async def test_the_unavailable(store: SqliteStore, authority: Authority) -> None:
    """A store that fails is a 503, its reason in the log alone."""
    found = await _answer(_app(store, authority, *ROUTES), authority, "GET", "/v1/unavailable")
    assert (found.status, found.header("retry-after")) == (503, "5")
    assert b"secret" not in found.body


async def test_a_failure_is_not_remembered(store: SqliteStore, authority: Authority) -> None:
    """A retry after a 500 is tried anew: the .NET client repeats those with the same MS-RequestId."""
    tries: list[str] = []

    async def flaky(call: Call) -> Answer:
        tries.append(call.method)
        return await _breaks(call) if len(tries) == 1 else Answer(201, b"{}")

    app = _app(store, authority, Route("POST", "/v1/flaky", flaky, Needs.USER, "", "docs/wire.md", retryable=True))
    headers = {"MS-RequestId": "5f6a1d0e-0000-4000-8000-000000000001"}
    statuses = [(await _answer(app, authority, "POST", "/v1/flaky", headers)).status for _ in range(2)]
    assert statuses == [500, 201]


def _app(store: SqliteStore, authority: Authority, *routes: Route) -> Api:
    """Return the real application around other routes."""
    metrics = Metrics()
    bearer = Bearer(TokenVerifier(authority.issuer.trusted()))
    other = beside(Health(store, metrics), Described([], DOCUMENTED))
    return Api(Router(routes), bearer, store, SystemClock(), metrics, Limiter(0), other)


async def _answer(
    app: Api, authority: Authority, method: str, path: str, more: dict[str, str] | None = None
) -> Received:
    sent = Sent(method, path, authority.bearer(CONTOSO) | (more or {}))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://service") as http:
        answer = await http.request(method, path, headers=dict(sent.headers))
    found = Received(answer.status_code, {name: [value] for name, value in answer.headers.items()}, answer.content)
    assert list(broken_laws(sent, found)) == []
    return found
