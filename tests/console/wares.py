"""What each partner has in a sandbox, put there as people would: a case that waits for a person, under a domain."""

from dataclasses import dataclass

from tests.support.processes import Sandbox
from tests.support.visitor import ADA, CAROL, Visitor


@dataclass(frozen=True, slots=True)
class Wares:
    """What is one partner's alone.

    Parameters:
        username: whose sign-in it is reached by.
        partner, customer, domain: stand in the addresses of pages; in review is the customer's case for education.
        marks: texts that stand on no page of anybody else but a reviewer.
    """

    username: str
    partner: str
    customer: str
    domain: str
    marks: tuple[str, ...]

    @property
    def place(self) -> dict[str, str]:
        """The parameters of addresses."""
        return {
            "partner": self.partner,
            "customer": self.customer,
            "domain": self.domain,
            "programme": "education",
        }

    def put_into(self, sandbox: Sandbox) -> None:
        """Have the case wait for a person."""
        with Visitor(sandbox.base) as visitor:
            visitor.sign_in(self.username)
            form = {"segment": "k12", "website": f"www.{self.domain}"}
            sent = visitor.post(f"/console/customers/{self.customer}/requests/education", **form)
            assert sent.status_code == 303, sent.text
        settle(sandbox)


CONTOSO = Wares(
    ADA,
    "9daaeb1c-4195-4db5-9f1d-509eb70c8c2d",
    "11111111-c0c0-4000-8000-000000000006",
    "fineart.example",
    ("11111111-c0c0", "School of Fine Art", "fineart.example", "12345", "987654", "Contoso", "9daaeb1c-4195"),
)
FABRIKAM = Wares(
    CAROL,
    "2f1c6a0e-7b1d-4c55-8d0a-6f0f0c1b7e42",
    "22222222-fab0-4000-8000-000000000003",
    "prose.example",
    ("22222222-fab0", "Proseware", "prose.example", "24680", "Fabrikam", "University of Toronto", "2f1c6a0e-7b1d"),
)


def settle(sandbox: Sandbox) -> None:
    """Wait until the sandbox has done what is due."""
    sandbox.http.post("/sandbox/clock", json={"advanceSeconds": 1}).raise_for_status()
