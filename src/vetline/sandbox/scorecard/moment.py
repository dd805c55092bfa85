"""When the scorecard is asked for, and how long a client may take that has not come back yet."""

from dataclasses import dataclass

from vetline.sandbox.scorecard.call import Call

# Clients look less and less often; the longest wait grows by half each time in ours, and doubles in others.
_GROWTH = 5.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of judging.

    Parameters:
        seconds: of the machine.
        patience: for how many seconds at least a client may be silent; 0 when it is known that nothing more comes.
    """

    seconds: float
    patience: float

    def is_late_for(self, last: Call, usual_pause: float) -> bool:
        """Return whether a client should have come back after a call, by how long it usually waited."""
        if self.patience <= 0:
            return True
        return self.seconds - last.ended > max(self.patience, _GROWTH * usual_pause)
