"""The long run asks for what it says it asks for, counts what comes back, and looks at what a process holds."""

import asyncio
import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from bench.processes import free_port
from bench.soak.measuring import Plan, growth, measure, renew
from bench.soak.mix import EDUCATION, Mix, Tokens, Visit
from bench.soak.visitors import Visitors
from bench.soak.vitals import Vitals

from vetline.cli.tokens import token_from

DRAWN = 4_000


def _mix(seed: int = 1) -> Mix:
    return Mix(Tokens("user", "application"), 1_000, ("code",), seed)


def _drawn(seed: int = 1) -> list[Visit]:
    mix = _mix(seed)
    return [mix.draw() for _ in range(DRAWN)]


def test_the_same_seed_draws_the_same_visits() -> None:
    """So a run can be repeated."""
    assert _drawn(3) == _drawn(3)
    assert _drawn(3) != _drawn(4)


def test_every_kind_comes_and_reads_come_most() -> None:
    """All that goes wrong on a normal day, among what partners do."""
    kinds = Counter(visit.kind for visit in _drawn())
    assert kinds.most_common(1)[0][0] == "GET qualifications"
    assert {
        "POST Education", "POST again", "POST GovernmentCommunityCloud", "POST without a user", "PUT qualification",
        "GET qualification", "GET customers", "GET metrics", "GET that waits", "wrong token",
        "unknown customer or path", "malformed body",
        "hangs up waiting", "hangs up sending", "hangs up before the answer",
    } <= kinds.keys()  # fmt: skip


def test_who_asks_again_sends_the_same_request() -> None:
    """With the MS-RequestId of a submission before."""
    before: list[tuple[str, str, bytes]] = []
    for visit in _drawn():
        sent = (visit.path, visit.headers.get("MS-RequestId", ""), visit.body)
        if visit.kind == "POST Education":
            before.append(sent)
        elif visit.kind == "POST again":
            assert sent in before
    assert len({request for _, request, _ in before}) == len(before)


def test_who_hangs_up_sending_withholds_the_rest() -> None:
    """The server is told of a body that never comes whole."""
    leaving = [visit for visit in _drawn() if visit.kind == "hangs up sending"]
    assert leaving
    assert all(0 < len(visit.body) < len(EDUCATION) == len(visit.body) + visit.withheld for visit in leaving)


async def test_wrong_answers_and_none_are_counted() -> None:
    """With what was answered; the visits after it go on."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/silent" not in head:
            writer.write(b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with server:
        visitors = Visitors(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        await visitors.visit(Visit("refused", frozenset({200}), "GET", "/"))
        await visitors.visit(Visit("silent", frozenset({200}), "GET", "/silent"))
        await visitors.visit(Visit("right", frozenset({500}), "GET", "/"))
    assert visitors.answered == {("refused", 500): 1, ("right", 500): 1}
    assert visitors.wrong == {"refused: 500 oops": 1, "silent: IncompleteReadError": 1}


def test_what_a_process_holds_is_seen(tmp_path: Path) -> None:
    """Descriptors, a database and its log, and memory of its own within all of it."""
    database = tmp_path / "vetline.db"
    database.write_bytes(bytes(2**20))
    (tmp_path / "vetline.db-wal").write_bytes(bytes(2**21))
    before = Vitals.of(os.getpid(), database)
    with database.open():
        after = Vitals.of(os.getpid(), database)
    assert after.descriptors == before.descriptors + 1
    assert (after.database, after.log) == (1.0, 2.0)
    assert 1 < after.own <= after.resident


def test_a_token_that_is_not_given_ends_nothing() -> None:
    """It is counted, and the visitors show the one of before."""
    tokens, wrong = Tokens("old user", "old application"), Counter[str]()

    def nobody_answers() -> Tokens:
        return Tokens(token_from(f"http://127.0.0.1:{free_port()}", "Contoso", app_only=False, reviewer=False), "")

    renew(tokens, nobody_answers, wrong)
    assert tokens == Tokens("old user", "old application")
    assert wrong == {"no token": 1}
    renew(tokens, lambda: Tokens("new user", "new application"), wrong)
    assert tokens == Tokens("new user", "new application")


def test_growth_leaves_the_warm_up_out() -> None:
    """From minutes six to ten to the last five, and apart from that over the second half: what filled once is done."""
    filling = [10.0] * 5 + [100.0] * 25 + [130.0] * 30
    assert growth(filling) == {
        "after the warm-up": 100.0,
        "at the end": 130.0,
        "growth": 30.0,
        "growth in the second half": 0.0,
    }


@pytest.mark.parametrize("minutes", [1, 4, 7])
def test_a_short_run_has_figures_too(minutes: int) -> None:
    """Even though they say little."""
    assert growth([1.0] * minutes)["growth"] == 0.0


def test_a_short_soak_of_the_real_service(tmp_path: Path) -> None:
    """Every kind of visit gets the answer that is right for it, and what the service held is written down."""
    plan = Plan(minutes=2, per_second=60, customers=500, record=tmp_path / "soak.csv", minute_seconds=5)
    found = measure(tmp_path, plan)
    assert found["answers"]["wrong"] == 0, found
    assert found["answers"]["all"] == 600
    with (tmp_path / "soak.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["minute"] for row in rows] == ["1", "2"]
    assert float(rows[-1]["own"]) > 10
