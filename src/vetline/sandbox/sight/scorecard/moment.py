"""When the scorecard is asked for, and how long a client may take that has not come back yet."""

from typing import NamedTuple

import msgspec

from vetline.sandbox.sight.scorecard.call import Call

# Clients look less and less often; the longest wait grows by half each time in ours, and doubles in others.
_GROWTH = 5.0


class Tried(NamedTuple):
    """What a receiver of webhooks answered.

    Parameters:
        url: where it is.
        right, wrong: the status of its answer to a right and to a wrong signature; 0 for none.
    """

    url: str
    right: int
    wrong: int


class Moment(msgspec.Struct, frozen=True):
    """A moment of judging.

    Parameters:
        seconds: of the machine.
        patience: for how many seconds at least a client may be silent; 0 when it is known that nothing more comes.
        tried: the receivers of webhooks that were tried.
    """

    seconds: float
    patience: float
    tried: tuple[Tried, ...] = ()

    def is_late_for(self, last: Call, usual_pause: float) -> bool:
        """Return whether a client should have come back after a call, by how long it usually waited."""
        if self.patience <= 0:
            return True
        return self.seconds - last.ended > max(self.patience, _GROWTH * usual_pause)
