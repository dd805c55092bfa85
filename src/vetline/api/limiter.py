"""A hard limit on what one partner may ask for: some clients retry without any bound.

Source: https://github.com/microsoft/Partner-Center-Java PartnerServiceRetryStrategy (429 and 5xx re-sent endlessly)
"""

from math import ceil

WINDOW_SECONDS = 60.0


class Limiter:
    """Counts a partner's requests in windows of one minute.

    Parameters:
        per_minute: how many requests a partner may make in a minute; 0 for no limit. A sandbox may change it.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._window = 0.0
        self._counts: dict[str, int] = {}

    def wait_for(self, partner: str, now: float) -> int:
        """Count a request, and return how many whole seconds its partner must wait: 0 when it may go on.

        Parameters:
            partner: the caller's tenant.
            now: the moment, in seconds since 1970.
        """
        if not self.per_minute:
            return 0
        if not self._window <= now < self._window + WINDOW_SECONDS:
            self._window, self._counts = now - now % WINDOW_SECONDS, {}
        count = self._counts.get(partner, 0) + 1
        self._counts[partner] = count
        return 0 if count <= self.per_minute else max(1, ceil(self._window + WINDOW_SECONDS - now))

    def forget(self) -> None:
        """Begin to count anew; a sandbox's time may begin anew too."""
        self._counts.clear()
