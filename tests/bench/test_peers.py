"""A peer that cannot be measured is a sentence in the table; peers themselves are not installed for tests."""

import sys
import time
from pathlib import Path

import pytest
from bench.peers import running
from bench.peers.comparing import Round, install, try_round
from bench.peers.mocks import json_server, mockoon, prism, wiremock
from bench.peers.peer import Ask, Peer
from bench.peers.running import RunningPeer
from bench.peers.stores import azurite, moto
from bench.processes import BenchError

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"[]")
    def do_POST(self):
        self.send_response(418); self.end_headers()
    def log_message(self, *arguments): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def _peer(program: str, write: Ask | None = None) -> Peer:
    def command(place: Path, work: Path, port: int) -> list[str]:
        return [sys.executable, "-c", program, str(port)]

    return Peer("a peer", Path.cwd, command, write=write or Ask("GET", "/{n}"))


def _missing() -> Path:
    raise BenchError("a peer could not be installed: npm failed")


def test_a_peer_starts_and_its_memory_is_counted(tmp_path: Path) -> None:
    """From the command to the first good answer, with a process that is really there."""
    with RunningPeer(_peer(SERVER), tmp_path) as peer:
        assert 0 < peer.start_seconds < running.START_SECONDS
        assert peer.memory > 1
    assert peer.memory == 0


def test_a_peer_that_ends_at_once_is_not_waited_for(tmp_path: Path) -> None:
    """It cannot answer any more."""
    begun = time.perf_counter()
    with pytest.raises(BenchError, match="a peer"):
        RunningPeer(_peer("raise SystemExit(3)"), tmp_path)
    assert time.perf_counter() - begun < running.START_SECONDS / 2


def test_what_fails_is_remembered_with_its_reason(tmp_path: Path) -> None:
    """Whether in its installation or in its answers: it is reported, and the others go on."""
    failed: dict[str, str] = {}
    rounds: list[Round] = []
    broken = Peer("b peer", _missing, lambda place, work, port: [])
    assert install([broken, _peer(SERVER)], failed) == {"a peer": Path.cwd()}
    assert failed == {"b peer": "a peer could not be installed: npm failed"}
    try_round(_peer(SERVER, Ask("POST", "/")), tmp_path, rounds, failed)
    assert "418" in failed["a peer"]
    assert rounds == []


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Such as Java."""
    peer = Peer("a peer", Path.cwd, lambda place, work, port: ["no-such-program"])
    with pytest.raises(BenchError, match="no-such-program cannot be started"):
        RunningPeer(peer, tmp_path)


def test_every_peer_says_its_version() -> None:
    """Names come from the versions that are installed."""
    peers = [prism(), mockoon(), json_server(), wiremock(), moto(), azurite()]
    assert len({peer.name for peer in peers}) == len(peers)
    assert all(peer.name.rpartition(" ")[2][0].isdigit() for peer in peers)
