"""Requests and plans for the tests of faults."""

from hypothesis import strategies as st

from vetline.sandbox.faults.kinds import Kind
from vetline.sandbox.faults.operations import TOKEN_OPERATIONS, Asked, Operations, operation
from vetline.sandbox.faults.plan import Plan, Planned

CUSTOMER = "11111111-c0c0-4000-8000-000000000006"

OPERATIONS = Operations(
    [
        operation("list_customers", "GET", "/v1/customers"),
        operation("list_qualifications", "GET", "/v1/customers/{customer_id}/qualifications"),
        operation("create_qualification", "POST", "/v1/customers/{customer_id}/qualifications"),
        operation("codes", "GET", "/v1/customers/all/validations"),
        operation("relations", "GET", "/v1/customers/{customer_id}/validations"),
        *TOKEN_OPERATIONS,
    ]
)


def asked(method: str, path: str) -> Asked:
    """Return a request that can be struck."""
    found = OPERATIONS.asked(method, path)
    assert found, f"{method} {path}"
    return found


READ = asked("GET", f"/v1/customers/{CUSTOMER}/qualifications")
SUBMIT = asked("POST", f"/v1/customers/{CUSTOMER}/qualifications")
LIST = asked("GET", "/v1/customers")

TARGETS = st.sampled_from(
    ["*", "list_customers", "list_qualifications", "POST /v1/customers/*/qualifications", "GET /v1/customers"]
)
PLANNED = st.builds(
    Planned,
    kind=st.sampled_from(Kind),
    target=TARGETS.map(OPERATIONS.target),
    times=st.none() | st.integers(1, 5),
    probability=st.none() | st.floats(0.01, 1),
    after=st.integers(0, 5),
)
PLANS = st.lists(PLANNED, max_size=5)
SEQUENCES = st.lists(st.sampled_from([READ, SUBMIT, LIST]), max_size=60)
SEEDS = st.integers(0, 2**53 - 1)


def struck(plan: Plan, sequence: list[Asked]) -> list[int]:
    """Return which fault struck each request, 0 for none."""
    return [entry.number if (entry := plan.strike(one)) else 0 for one in sequence]


def plan_of(seed: int, planned: list[Planned]) -> Plan:
    """Return a plan of some faults."""
    plan = Plan(seed)
    plan.add(planned)
    return plan
