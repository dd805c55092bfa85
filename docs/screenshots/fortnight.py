"""Makes the story happen in a sandbox: through the API as partners do, and through the review desk as reviewers do."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from examples.demo import GCC_CODE, new_customer
from tests.support.processes import CONTOSO, Sandbox

from docs.screenshots.story import AGAIN, FABRIKAMS, RULINGS, Row, Ruling, arrivals
from vetline import CustomerQualificationRequest, PartnerCenter

FABRIKAM = "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42"
_OPENING, _AFTERNOON, _CLOSING = timedelta(hours=9), timedelta(hours=13), timedelta(hours=16)
# The data decides within a second; the next customer comes a while later.
_MOMENT, _PACE = timedelta(seconds=1), timedelta(minutes=17)


def live(sandbox: Sandbox) -> None:
    """Let the fortnight happen, from the next Monday's opening to the closing on the Friday of the week after.

    Parameters:
        sandbox: a fresh one.
    """
    with Desks(sandbox) as desks:
        monday = _next_monday(desks.now())
        for number, rows in enumerate(arrivals()):
            weekend = number // 5 * 2
            desks.work(number, monday + timedelta(days=number + weekend), rows)


def _next_monday(now: datetime) -> datetime:
    return datetime.combine(now.date(), datetime.min.time(), UTC) + timedelta(days=7 - now.weekday())


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A customer that came: on which working day, whose it is, its id, and its row."""

    day: int
    tenant: str
    customer: str
    row: Row


class Desks(ExitStack):
    """Everybody who does something, and whom they have seen.

    Parameters:
        sandbox: where they do it.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._partners = {tenant: self._client("user", tenant) for tenant in (CONTOSO, FABRIKAM)}
        self._reviewers = {kind: self._client(kind) for kind in ("reviewer", "administrator")}
        self._came: dict[str, _Arrival] = {}

    def work(self, number: int, day: datetime, rows: list[Row]) -> None:
        """Do a day's work.

        Parameters:
            number: which working day, from 0.
            day: its midnight.
            rows: the customers that come.
        """
        self._wait_until(day + _OPENING)
        for index, row in enumerate(rows):
            self._arrive(number, FABRIKAM if index % FABRIKAMS == FABRIKAMS - 1 else CONTOSO, row)
        for company, after in AGAIN.items():
            if self._is_due(company, after, number):
                self._ask(self._came[company])
        self._wait_until(day + _AFTERNOON)
        for ruling in RULINGS:
            if self._is_due(ruling.company, ruling.after, number):
                self._rule(ruling)
        self._wait_until(day + _CLOSING)

    def now(self) -> datetime:
        """Return the sandbox's time."""
        answer = self._sandbox.http.get("/sandbox/clock").raise_for_status()
        return datetime.fromisoformat(answer.json()["now"])

    def _wait_until(self, moment: datetime) -> None:
        self._wait(max(moment - self.now(), timedelta()))

    def _wait(self, time: timedelta) -> None:
        """Move the sandbox's clock; what becomes due on the way is done then."""
        asked = {"advanceSeconds": time.total_seconds()}
        self._sandbox.http.post("/sandbox/clock", json=asked).raise_for_status()

    def _client(self, kind: str, tenant: str = CONTOSO) -> PartnerCenter:
        credential = partial(self._sandbox.fresh_token, kind, tenant)
        return self.enter_context(PartnerCenter(credential, base_url=self._sandbox.base))

    def _is_due(self, company: str, after: int, number: int) -> bool:
        came = self._came.get(company)
        return came is not None and came.day + after == number

    def _arrive(self, number: int, tenant: str, row: Row) -> None:
        customer = self._partners[tenant].customers.create(new_customer(row))
        came = self._came[row["company_name"]] = _Arrival(number, tenant, customer.id, row)
        self._ask(came)

    def _ask(self, came: _Arrival) -> None:
        asked, row = self._partners[came.tenant].customers.by_id(came.customer).qualification, came.row
        if row["qualification"] == "Education":
            asked.create_qualifications(
                CustomerQualificationRequest("Education", row["education_segment"] or None, row["website"] or None)
            )
        else:
            code = GCC_CODE if row["qualification"] == "GovernmentCommunityCloud" else None
            asked.create_qualifications(row["qualification"], validation_code=code)
        self._wait(_MOMENT)
        self._wait(_PACE)

    def _rule(self, ruling: Ruling) -> None:
        came, desk = self._came[ruling.company], self._reviewers[ruling.by].review
        case = came.tenant, came.customer, came.row["qualification"]
        if ruling.reason:
            desk.deny(*case, ruling.reason, ruling.note)
        else:
            desk.approve(*case, ruling.note)
        self._wait(_PACE)
