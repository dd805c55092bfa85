"""Requests that no honest client sends: each is answered with the documented fault, never with a 500."""

import json
from collections.abc import Iterator

import pytest

from tests.contract.laws import broken_laws
from tests.support.processes import Sandbox
from tests.support.sending import Received, Sent, send_raw

FINE_ART = "11111111-c0c0-4000-8000-000000000006"
QUALIFICATIONS = f"/v1/customers/{FINE_ART}/qualifications"
BILLING = f"/v1/customers/{FINE_ART}/profiles/billing"

# The HTTP parser's own answers: what they refuse never becomes a request that the service could answer.
PARSER = {400, 414, 431}

NESTED = b"[" * 100_000 + b"]" * 100_000
NESTED_OBJECTS = b'{"a":' * 40_000 + b"1" + b"}" * 40_000

BODIES = {
    "nested": (NESTED, "MalformedJson"),
    "nested objects": (NESTED_OBJECTS, "MalformedJson"),
    "nested in an unknown member": (b'{"qualification":"Education","x":%s}' % NESTED, "MalformedJson"),
    "unclosed nesting": (b"[" * 200_000, "MalformedJson"),
    "huge integer": (b"9" * 5000, "MalformedJson"),
    "huge exponent": (b"1e400", "MalformedJson"),
    "huge integer as the qualification": (b'{"qualification":%s}' % (b"9" * 4000), "*"),
    "huge integer as the code": (b'{"qualification":3,"validationCode":%s}' % (b"9" * 4000), "*"),
    "negative code": (b'{"qualification":3,"validationCode":-12345}', "ValidationCodeNotFound"),
    "lone surrogate": (rb'{"qualification":"\ud800"}', "MalformedJson"),
    "lone surrogate in a website": (rb'{"qualification":"Education","website":"\udc00"}', "MalformedJson"),
    "raw surrogate": (b'{"qualification":"\xed\xa0\x80"}', "MalformedJson"),
    "NUL": (b"\x00", "MalformedJson"),
    "NUL in the name": (rb'{"qualification":"Education\u0000"}', "UnknownEnumValue"),
    "NUL in a website": (rb'{"qualification":"Education","website":"a\u0000b"}', "InvalidProperty"),
    "escape sequence in a website": (rb'{"qualification":"Education","website":"\u001b[31m"}', "InvalidProperty"),
    "object as a text": (b'{"qualification":"Education","website":{"a":1}}', "InvalidProperty"),
    "list as a text": (b'{"qualification":3,"validationCode":["12345"]}', "InvalidProperty"),
    "truth as a text": (b'{"qualification":"Education","educationSegment":true}', "InvalidProperty"),
    "long name": (b'"%s"' % (b"Education" * 20_000), "UnknownEnumValue"),
    "name with a placeholder": (b'"{value} {where.__class__}"', "UnknownEnumValue"),
    "half a character": (b'"\xc3', "MalformedJson"),
}

PATHS = {
    "/v1/customers?filter=%zz": 400,
    "/v1/customers?filter=%ff%fe": 400,
    "/v1/customers?size=%u1234": 400,
    "/v1/customers?size=%00": 400,
    "/v1/customers?size=" + "9" * 5000: 400,
    "/v1/customers?" + "&".join(["a=1"] * 65): 400,
    "/v1/customers?filter=" + "[" * 50_000: 400,
    "/v1/customers?filter=" + "a" * 60_000: 400,
    "/v1/customers?size=\u00e5": 400,
    "/v1/customers/%zz": 400,
    "/v1/customers/%ff/qualifications": 400,
    "/v1/customers/%00": 400,
    "/v1/customers/%2e%2e/%2e%2e/etc/passwd": 404,
    "/v1/customers/" + "a" * 60_000: 400,
    "/v1/customers/" + "%7B" * 20_000: 400,
    "/" + "v1/" * 20_000 + "nothing": 404,
    "/v1/" + "a/" * 20_000: 404,
    "/v1/\u00e5": 404,
    "/v1\\customers": 404,
    "/v1/customers/;DROP%20TABLE%20customers": 400,
    f"/vetline/v1/review/cases/{FINE_ART}/{FINE_ART}/%00": 403,
}


@pytest.fixture(scope="module", autouse=True)
def nothing_unexpected(running_sandbox: Sandbox) -> Iterator[None]:
    """Whatever was answered, the service met nothing that it did not foresee."""
    yield
    assert "unexpected failure" not in running_sandbox.log()
    assert "Traceback" not in running_sandbox.log()


@pytest.fixture
def fresh(sandbox: Sandbox) -> Iterator[Sandbox]:
    """A fresh sandbox, which must still answer afterwards."""
    yield sandbox
    assert sandbox.http.get("/readyz").is_success


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("operation", ["POST qualifications", "PUT qualification"])
def test_body(fresh: Sandbox, name: str, operation: str) -> None:
    """A hostile body is the client's error, in the fault shape, and changes nothing."""
    body, wanted = BODIES[name]
    method, resource = operation.split()
    found = _sent(fresh, method, f"/v1/customers/{FINE_ART}/{resource}", body)
    assert found.status == 400, found.body[:200]
    assert wanted in ("*", json.loads(found.body)["errorName"])
    assert _sent(fresh, "GET", QUALIFICATIONS).body == b"[]"


@pytest.mark.parametrize("body", [NESTED, NESTED_OBJECTS, b"null", b"1", b"\xff", rb'{"BillingProfile":"\ud800"}'])
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/customers"), ("PUT", BILLING)])
def test_body_of_a_customer(fresh: Sandbox, method: str, path: str, body: bytes) -> None:
    """The same where an object is expected."""
    assert _sent(fresh, method, path, body).status == 400


@pytest.mark.parametrize("value", ["x" * 100_000, "a\u0000b", "a\u001fb", {"a": 1}, [1], True, 1.5])
def test_member_of_a_customer(fresh: Sandbox, value: object) -> None:
    """No member of a profile takes what is no reasonable text."""
    address = {"country": "US", "city": value}
    billing = {"email": "a@b.example", "culture": "en-US", "language": "en", "companyName": "A"}
    body = json.dumps(billing | {"defaultAddress": address}).encode()
    assert json.loads(_sent(fresh, "PUT", BILLING, body).body)["code"] == "3000"


@pytest.mark.parametrize("path", PATHS, ids=[path[:40] for path in PATHS])
def test_path(fresh: Sandbox, path: str) -> None:
    """A hostile path or query is refused as any other mistake."""
    assert _sent(fresh, "GET", path).status == PATHS[path]


@pytest.mark.parametrize("target", ["/v1/customers/" + "a" * 100_000, "/" + "a" * 1_000_000])
def test_path_beyond_the_parser(fresh: Sandbox, target: str) -> None:
    """What is too long for the HTTP parser is refused by it."""
    assert _refused(fresh, Sent("GET", target, {}))


@pytest.mark.parametrize(
    "headers",
    [
        {f"x-{number}": "y" for number in range(10_000)},
        {"x-large": "y" * 1_000_000},
        {"MS-RequestId": "a\rX-Evil: 1"},
        {"MS-RequestId": "a\x00b"},
        {"X Evil": "1"},
        {"Content-Length": "-1"},
        {"Content-Length": "9" * 30},
    ],
    ids=["10,000 headers", "1 MB header", "bare CR", "NUL", "blank in a name", "negative length", "huge length"],
)
def test_headers_beyond_the_parser(fresh: Sandbox, headers: dict[str, str]) -> None:
    """What is no HTTP is refused by the parser, and nothing of it comes back."""
    assert _refused(fresh, Sent("POST", QUALIFICATIONS, headers, b"1"))


@pytest.mark.parametrize("name", ["MS-RequestId", "MS-CorrelationId", "X-Locale"])
@pytest.mark.parametrize(
    "value", ["a\nX-Evil: 1", "%0d%0aX-Evil: 1", "a\\r\\nX-Evil: 1", "\u00e5", "\u2028", "<script>", "a;b", "x" * 5000]
)
def test_header_injection(fresh: Sandbox, name: str, value: str) -> None:
    """What is echoed is plain or not echoed at all."""
    found = _sent(fresh, "GET", QUALIFICATIONS, more={name: value})
    assert found.status == 200
    assert "x-evil" not in found.headers
    assert found.header(name) != value


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "FOO", "F" * 5000])
def test_method(fresh: Sandbox, method: str) -> None:
    """Methods that nobody serves are refused, and are counted as one, however many are invented."""
    assert _sent(fresh, method, QUALIFICATIONS).status == 405
    assert "FFF" not in fresh.http.get("/metrics").text
    assert 'method="FOO"' not in fresh.http.get("/metrics").text


@pytest.mark.parametrize("token", ["a" * 100_000, "a.b.c", ".." * 1000, "e30." * 500, "{}", "null", "\u00e5"])
def test_token(fresh: Sandbox, token: str) -> None:
    """A hostile token is a rejected one."""
    found = send_raw(fresh.base, Sent("GET", QUALIFICATIONS, {"Authorization": f"Bearer {token}"}))
    assert found.status == 401
    assert json.loads(found.body)["code"] == "800001"


@pytest.mark.parametrize("path", ["/sandbox/clock", "/sandbox/decisions", "/sandbox/reset"])
@pytest.mark.parametrize("body", [NESTED[:60_000], b"\xff", b'{"advanceSeconds":1e308}', b'{"advanceSeconds":-1}'])
def test_control_surface(fresh: Sandbox, path: str, body: bytes) -> None:
    """The sandbox's own routes fail no worse."""
    found = send_raw(fresh.base, Sent("POST", path, {}, body))
    assert found.status in ((204,) if path.endswith("reset") else (400,))


def _sent(sandbox: Sandbox, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None) -> Received:
    """Send with a good token, byte for byte; every answer obeys the laws of all answers."""
    headers = {"Authorization": f"Bearer {sandbox.token()}"} | (more or {})
    if body:
        headers["Content-Type"] = "application/json"
    sent = Sent(method, path, headers, body)
    found = send_raw(sandbox.base, sent)
    assert list(broken_laws(sent, found)) == []
    return found


def _refused(sandbox: Sandbox, sent: Sent) -> bool:
    """Return whether the parser refuses a request, showing nothing of it, and the service lives on."""
    try:
        found = send_raw(sandbox.base, sent)
    except ConnectionError:  # it hung up on a client that was still sending
        return sandbox.http.get("/healthz").is_success
    return found.status in PARSER and "x-evil" not in found.headers and sandbox.http.get("/healthz").is_success
