"""Ours and the peers in the same interleaved rounds: each a fresh process on one processor, the load from the other."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.durable import Submissions, starts
from bench.figures import Figures, medians
from bench.peers.mocks import json_server, mockoon, prism, wiremock
from bench.peers.peer import WARM_UP_SECONDS, Peer
from bench.peers.running import RunningPeer
from bench.peers.stores import azurite, moto
from bench.processes import BenchError
from bench.progress import progress
from bench.reads import Reads
from bench.seeding import seed_customers
from bench.servers import Service

ROUNDS = 3
SECONDS = 3
CUSTOMERS = 300_000
READS, WRITES = "GET per s", "POST per s"

Round = dict[str, float]


def compare(folder: Path) -> Figures:
    """Return the figures of ours and of each peer; a peer that cannot be measured has a sentence instead."""
    peers = [prism(), mockoon(), json_server(), wiremock(), moto(), azurite()]
    failed: dict[str, str] = {}
    places = install(peers, failed)
    data = folder / "ours"
    seed_customers(data, CUSTOMERS)
    ours: list[Round] = []
    begins = starts()
    theirs: dict[str, list[Round]] = {peer.name: [] for peer in peers}
    for number in range(ROUNDS):
        progress(f"Round {number + 1} of {ROUNDS}: ours and the peers ...")
        ours.append(_our_round(data, begins))
        for peer in peers:
            if peer.name not in failed:
                try_round(peer, places[peer.name], theirs[peer.name], failed)
    return _figures(peers, ours, theirs, failed)


def install(peers: list[Peer], failed: dict[str, str]) -> dict[str, Path]:
    """Install what is not there yet, and return where each is; of what cannot be installed, remember why."""
    places = {}
    for peer in peers:
        progress(f"Installing {peer.name}, if it is not there yet ...")
        try:
            places[peer.name] = peer.install()
        except BenchError as error:
            failed[peer.name] = str(error)
    return places


def _our_round(data: Path, begins: Iterator[int]) -> Round:
    with Service(data) as service:
        idle = service.resident_mebibytes()
        Reads(service, WARM_UP_SECONDS).run()
        reads = Reads(service, SECONDS).run()
        Submissions(service, WARM_UP_SECONDS, begins).run()
        writes = Submissions(service, SECONDS, begins).run()
        return _round(reads, writes, service.start_seconds, idle, service.resident_mebibytes())


def try_round(peer: Peer, place: Path, rounds: list[Round], failed: dict[str, str]) -> None:
    """Measure a peer once; what cannot be measured is not tried again, and why is remembered."""
    try:
        with RunningPeer(peer, place) as running:
            idle = running.memory
            running.read_rate(peer.warm_up_seconds)
            reads = running.read_rate(SECONDS)
            running.write_rate(peer.warm_up_seconds)
            writes = running.write_rate(SECONDS)
            rounds.append(_round(reads, writes, running.start_seconds, idle, running.memory))
    except BenchError as error:
        failed[peer.name] = str(error)


def _round(reads: float, writes: float, start: float, idle: float, busy: float) -> Round:
    return {READS: reads, WRITES: writes, "start, s": start, "idle, MiB": idle, "after load, MiB": busy}


def _figures(peers: list[Peer], ours: list[Round], theirs: dict[str, list[Round]], failed: dict[str, str]) -> Figures:
    found: Figures = {"ours, each POST on disk": medians(ours)}
    for peer in peers:
        name = f"{peer.name} ({peer.nearest})" if peer.nearest else peer.name
        found[name] = {"not measured": failed[peer.name]} if peer.name in failed else medians(theirs[peer.name])
    measured = [rounds for name, rounds in theirs.items() if name not in failed]
    if measured:
        found["ours / the fastest peer"] = {
            "GET": _ratio(ours, measured, READS),
            "POST": _ratio(ours, measured, WRITES),
        }
    return found


def _ratio(ours: list[Round], theirs: list[list[Round]], name: str) -> float:
    """Return the median of the rounds' own ratios against whichever peer was the fastest in that round."""
    return median(mine[name] / max(rounds[each][name] for rounds in theirs) for each, mine in enumerate(ours))
