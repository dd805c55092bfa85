"""What a test wants of the vetting: the mode of each customer, and decisions laid down beforehand. In memory.

Of all modes that fit a customer the most particular one counts: its own, then its domain's, its partner's, everybody's.
"""

import threading
from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec

from vetline.sandbox.steering.modes import pacing_named
from vetline.store.records import Customer
from vetline.vetting.evidence import Evidence, Outcome, Verdict
from vetline.vetting.pacing import Latitude, Pacing
from vetline.vetting.words import Programme, Reason

MAX_RULES = 1_000
_BY_HAND = "set-by-hand"


class Whom(msgspec.Struct, frozen=True):
    """Whom a wish is about; what is empty fits everybody.

    Parameters:
        partner, customer: their ids.
        domain: a pattern such as `*.edu`, of the customer's domain.
    """

    partner: str = ""
    customer: str = ""
    domain: str = ""

    def fits(self, customer: Customer) -> bool:
        """Whether a customer is meant."""
        return (
            self.partner in ("", customer.partner)
            and self.customer in ("", customer.id)
            and (not self.domain or fnmatchcase(customer.domain.casefold(), self.domain.casefold()))
        )

    @property
    def particular(self) -> tuple[bool, bool, bool]:
        """How particular it is, for comparing."""
        return bool(self.customer), bool(self.domain), bool(self.partner)


class Next(msgspec.Struct, frozen=True):
    """A decision laid down for the next screening of whom it is for.

    Parameters:
        whom: whose.
        programme: of which; `None` for either.
        reason: why it is denied; `None` approves.
    """

    whom: Whom
    programme: Programme | None
    reason: Reason | None

    def fits(self, customer: Customer, programme: Programme) -> bool:
        """Whether it is for this screening."""
        return self.programme in (None, programme) and self.whom.fits(customer)


class TooManyError(ValueError):
    """More wishes than anybody has."""


class Steering:
    """The wishes of one world.

    Parameters:
        mode: the vetting mode for everybody, by its name.
    """

    def __init__(self, mode: str) -> None:
        self._beginning = mode
        self._lock = threading.Lock()  # the screening asks from a thread
        self._next: list[Next] = []
        self.reset()

    def reset(self) -> None:
        """Have the mode that it began with, for everybody, and nothing laid down."""
        with self._lock:
            self._modes = {Whom(): self._beginning}
            self._next.clear()

    def restore(self, modes: Sequence[tuple[Whom, str]], laid_down: Sequence[Next]) -> None:
        """Have the modes and decisions of a snapshot."""
        with self._lock:
            self._modes = {Whom(): self._beginning, **dict(modes)}
            self._next = list(laid_down)

    @property
    def modes(self) -> Sequence[tuple[Whom, str]]:
        """The modes, everybody's first, the most particular last."""
        return sorted(self._modes.items(), key=lambda item: item[0].particular)

    @property
    def laid_down(self) -> Sequence[Next]:
        """The decisions that wait for their screening, the first one first."""
        return tuple(self._next)

    def set_mode(self, whom: Whom, mode: str) -> None:
        """Give somebody a mode.

        Raises:
            ValueError: there is no such mode, or there are too many already.
        """
        pacing_named(mode)
        if whom not in self._modes and len(self._modes) >= MAX_RULES:
            raise TooManyError(f"there are {MAX_RULES} modes already: DELETE /sandbox/vetting first")
        self._modes.pop(whom, None)  # of two that are equally particular, the later counts
        self._modes[whom] = mode

    def lay_down(self, decision: Next) -> None:
        """Have a screening end so, whatever the data says.

        Raises:
            TooManyError: there are too many already.
        """
        with self._lock:
            if len(self._next) >= MAX_RULES:
                raise TooManyError(f"{MAX_RULES} decisions wait already: DELETE /sandbox/vetting first")
            self._next.append(decision)

    def pacing(self, customer: Customer) -> Pacing:
        """Return the mode for a customer."""
        fitting = [(whom.particular, place) for place, whom in enumerate(self._modes) if whom.fits(customer)]
        _, place = max(fitting)
        return pacing_named(list(self._modes.values())[place])

    def concerns(self, customer: Customer, programme: Programme) -> bool:
        """Whether anything is wished of a screening that would not take place without it."""
        pacing = self.pacing(customer)
        steered = pacing.latitude is Latitude.NEVER or not pacing.at_once
        return steered or any(one.fits(customer, programme) for one in self._next)

    def verdict(self, customer: Customer, programme: Programme, verdict: Verdict) -> Verdict:
        """Return how a screening ends: as was laid down for it, which is used up by that, or as the mode has it."""
        with self._lock:
            found = next((one for one in self._next if one.fits(customer, programme)), None)
            if found is None:
                return self.pacing(customer).temper(verdict)
            self._next.remove(found)
        return _as_laid_down(found.reason, verdict)


def _as_laid_down(reason: Reason | None, verdict: Verdict) -> Verdict:
    outcome = Outcome.DENY if reason else Outcome.APPROVE
    saw = f"laid down beforehand in the sandbox; the triage would {verdict.outcome.value}"
    evidence = (*verdict.evidence, Evidence(_BY_HAND, saw, "sandbox", ""))
    return Verdict(outcome, _BY_HAND, evidence, "Decided by hand.", reason)
