"""A peer as a process: from the command to its first good answer, then the two operations, then its end."""

import tempfile
import time
from pathlib import Path
from typing import Self

import httpx2

from bench.peers.peer import Ask, Peer
from bench.processes import LOAD_CORE, BenchError, end, free_port, pinned, resident_mebibytes, start_pinned
from bench.wrk import load

START_SECONDS = 60
LUA = Path(__file__).parents[1] / "ask.lua"
_LOOK_SECONDS = 0.01


class RunningPeer:
    """A fresh process of a peer, in a folder of its own.

    Parameters:
        peer: which.
        place: where it is installed.

    Raises:
        BenchError: it did not start, or does not answer as it should.
    """

    def __init__(self, peer: Peer, place: Path) -> None:
        self._peer = peer
        self._folder = tempfile.TemporaryDirectory(prefix="vetline-peer-")
        work, port = Path(self._folder.name), free_port()
        self._base = f"http://127.0.0.1:{port}"
        begun = time.perf_counter()
        try:
            self._process = start_pinned(peer.command(place, work, port), work, work / "bench.log")
        except BaseException:
            self._folder.cleanup()
            raise
        try:
            self._prepare()
            self.start_seconds = self._ready - begun
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End it, and remove what it wrote."""
        end(self._process)
        self._folder.cleanup()

    def _prepare(self) -> None:
        first, *more = (*self._peer.before, self._peer.read)
        with pinned(LOAD_CORE), httpx2.Client(base_url=self._base, timeout=START_SECONDS) as client:
            self._ready = self._wait_for(client, first)
            for ask in (*more, self._peer.write):
                _expect(ask, _sent(client, ask), self._peer.name)

    def _wait_for(self, client: httpx2.Client, ask: Ask) -> float:
        """Return the moment of the first answer; until it listens, there is none."""
        last = time.perf_counter() + START_SECONDS
        while time.perf_counter() < last and self._process.poll() is None:
            try:
                answer = _sent(client, ask)
            except httpx2.TransportError:
                time.sleep(_LOOK_SECONDS)
                continue
            if answer.status_code == ask.status:
                return time.perf_counter()
            time.sleep(_LOOK_SECONDS)
        raise BenchError(f"{self._peer.name} did not answer within {START_SECONDS} s, or ended")

    @property
    def memory(self) -> float:
        """The resident memory of its processes, in MiB."""
        return resident_mebibytes(self._process.pid)

    def read_rate(self, seconds: int) -> float:
        """Return the reads per second."""
        return self._rate(self._peer.read, seconds)

    def write_rate(self, seconds: int) -> float:
        """Return the writes per second."""
        return self._rate(self._peer.write, seconds)

    def _rate(self, ask: Ask, seconds: int) -> float:
        headers = [part for name, value in ask.headers.items() for part in ("-H", f"{name}: {value}")]
        first = str(int(time.perf_counter() * 1e6))  # no number comes twice
        environment = {"METHOD": ask.method, "TARGET": ask.path, "BODY": ask.body, "FIRST": first}
        return load([f"-d{seconds}", "-s", str(LUA), *headers, self._base], environment)


def _sent(client: httpx2.Client, ask: Ask) -> httpx2.Response:
    path, body = (text.replace("{n}", "f" * 12) for text in (ask.path, ask.body))
    return client.request(ask.method, path, content=body, headers=ask.headers)


def _expect(ask: Ask, answer: httpx2.Response, name: str) -> None:
    if answer.status_code != ask.status:
        raise BenchError(f"{name} answered {answer.status_code} to {ask.method}: {answer.text[:200]}")
