"""GET of a customer's qualifications: the token is checked and the row is read each time."""

from bench.servers import Server
from bench.wrk import load


class Reads:
    """Sixty-four connections that read as fast as they are answered.

    Parameters:
        server: what is read from.
        seconds: for how long.
    """

    def __init__(self, server: Server, seconds: int) -> None:
        self._server = server
        self._seconds = seconds

    def run(self) -> float:
        """Return the answers per second."""
        headers = [part for header in self._server.headers for part in ("-H", header)]
        return load([f"-d{self._seconds}", *headers, self._server.base + self._server.path])
