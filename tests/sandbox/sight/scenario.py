"""What happens to every client that is judged: each thing that the scorecard has an item for, once."""

from collections.abc import Iterable
from typing import Any

from tests.support.processes import Sandbox

LISTED = "/v1/customers"
CREATE = "POST /v1/customers/*/qualifications"
OPEN = "11111111-c0c0-4000-8000-000000000001"
OTHER = "11111111-c0c0-4000-8000-000000000002"
REFUSED = "11111111-c0c0-4000-8000-000000000003"
LOOKS = 12
HOUR = 3700


class FaultySandbox(Sandbox):
    """A sandbox that fails when it is told to; nothing is decided in it.

    Parameters:
        arguments: further options of `vetline sandbox`.
    """

    def __init__(self, *arguments: str) -> None:
        super().__init__("--vetting", "by-hand", *arguments)

    def strike(self, kind: str, operation: str, **more: Any) -> None:
        """Let the next request for an operation fail."""
        fault = {"kind": kind, "operation": operation, **more}
        self.http.post("/sandbox/faults", json=fault).raise_for_status()

    def pass_time(self, seconds: float) -> None:
        """Move the clock: to wait is to be seen to have waited, and tests have no time."""
        self.http.post("/sandbox/clock", json={"advanceSeconds": seconds}).raise_for_status()

    def probe(self, *probes: str) -> None:
        """Let probes strike."""
        self.http.post("/sandbox/scorecard/probes", json={"probes": probes} if probes else {}).raise_for_status()

    def judge(self, client: str = "") -> "Scores":
        """End the probes, and return the scorecard."""
        self.http.delete("/sandbox/scorecard/probes").raise_for_status()
        card = self.http.get("/sandbox/scorecard", params={"client": client}).raise_for_status().json()
        return Scores(card)


class Scores:
    """A scorecard.

    Parameters:
        card: as the service tells it.
    """

    def __init__(self, card: dict[str, Any]) -> None:
        self.card = card
        self.items: dict[str, dict[str, Any]] = {one["id"]: one for one in card["items"]}

    def all(self, outcome: str) -> set[str]:
        """Return the items that came out so."""
        return {name for name, one in self.items.items() if one["outcome"] == outcome}

    def __repr__(self) -> str:
        """Return it as a test's failure should show it."""
        return "\n".join(f"{one['outcome']}: {one['id']}: {one['found']} {one['exchanges']}" for one in self._shown())

    def _shown(self) -> Iterable[dict[str, Any]]:
        return self.items.values()
