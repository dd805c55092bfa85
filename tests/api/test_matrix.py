"""Role x operation x owner: every cell is tried, and no answer to a stranger holds a byte of another's data."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.api.matrix import BILLING, CALLERS, FINE_ART, NEW_CUSTOMER, ROWS, TAILSPIN
from tests.support.processes import CONTOSO, Sandbox

CELLS = [(operation, caller) for operation in ROWS for caller in CALLERS]
STRANGERS = ("nobody", "user without MFA", "other app", "other user")


@pytest.fixture
def desk(sandbox: Sandbox) -> Sandbox:
    """A fresh sandbox with one case of Contoso's that waits for a person."""
    path = f"/v1/customers/{FINE_ART}/qualifications"
    assert sandbox.call("POST", path, json={"qualification": "Education", "website": "fineart.example"}).is_success
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 0}).raise_for_status()
    return sandbox


def test_every_operation_has_a_row(running_sandbox: Sandbox) -> None:
    """A new route without cells fails here."""
    paths = running_sandbox.http.get("/openapi.json").json()["paths"]
    described = {(method.upper(), path) for path, operations in paths.items() for method in operations}
    assert described == set(ROWS)


@pytest.mark.parametrize(("operation", "caller"), CELLS, ids=[f"{m} {p}: {caller}" for (m, p), caller in CELLS])
def test_cell(desk: Sandbox, operation: tuple[str, str], caller: str) -> None:
    """The caller gets what the matrix says."""
    answer = _answer(desk, operation, caller)
    assert (answer.status_code, _code_of(answer)) == ROWS[operation].cells[caller]


@pytest.mark.parametrize("caller", STRANGERS)
def test_a_stranger_learns_nothing(desk: Sandbox, caller: str) -> None:
    """No answer to a stranger names a customer, an address, a case or a code of Contoso's."""
    for operation in ROWS:
        answer = _answer(desk, operation, caller)
        shown = (answer.text + str(answer.headers)).replace(TAILSPIN, "").lower()
        assert [word for word in _secrets_of(desk) if word in shown] == [], operation


@pytest.mark.parametrize("caller", STRANGERS)
def test_a_stranger_changes_nothing(desk: Sandbox, caller: str) -> None:
    """What Contoso holds is the same after every operation that a stranger tried."""
    before = _everything(desk)
    for operation in ROWS:
        _answer(desk, operation, caller)
    assert _everything(desk) == before


def test_a_body_cannot_name_its_owner(sandbox: Sandbox) -> None:
    """A new customer belongs to its caller, whatever identifiers the body carries."""
    body = NEW_CUSTOMER | {"id": TAILSPIN, "partner": "x", "partnerId": "x", "commerceId": TAILSPIN, "version": 9}
    created = sandbox.call("POST", "/v1/customers", json=body).json()
    assert created["id"] != TAILSPIN
    assert sandbox.call("GET", f"/v1/customers/{TAILSPIN}").json()["companyProfile"]["companyName"] == "Tailspin Toys"


def test_a_body_cannot_decide(sandbox: Sandbox) -> None:
    """Neither generation takes a status, a stage or a date from the body, nor does a profile."""
    path = f"/v1/customers/{TAILSPIN}"
    forged = {"vettingStatus": "Approved", "VettingStatus": "Approved", "stage": "approved", "decidedAt": "2020-01-01"}
    assert sandbox.call("PUT", f"{path}/qualification", json={"qualification": "Education"} | forged).json() == "none"
    sandbox.call("PUT", f"{path}/profiles/billing", json=BILLING | forged | {"qualification": "Education"})
    (found,) = sandbox.call("GET", f"{path}/qualifications").json()
    assert found["vettingStatus"] == "InReview"


def _answer(sandbox: Sandbox, operation: tuple[str, str], caller: str) -> httpx2.Response:
    kind, partner = CALLERS[caller]
    row = ROWS[operation]
    more = {} if row.json is None else {"json": row.json}
    return sandbox.call(operation[0], row.path, kind, partner, **more)


def _code_of(answer: httpx2.Response) -> str:
    return str(answer.json()["code"]) if answer.status_code >= 400 else ""


def _secrets_of(sandbox: Sandbox) -> list[str]:
    customers = [one for one in sandbox.info["customers"] if one["partnerTenantId"] == CONTOSO]
    found = [text.lower() for one in customers for text in (one["id"], one["companyName"], one["domain"])]
    return [*(text for text in found if text != TAILSPIN), "12345", "987654", "31337", "fineart.example"]


def _everything(sandbox: Sandbox) -> list[str]:
    return [sandbox.call("GET", path).text for path in _readable()]


def _readable() -> Iterator[str]:
    yield "/v1/customers"
    yield "/v1/customers/all/validations"
    for customer in (TAILSPIN, FINE_ART):
        yield from (f"/v1/customers/{customer}{rest}" for rest in ("", "/qualifications", "/profiles/billing"))
