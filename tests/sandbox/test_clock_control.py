"""The clock jumps, also business days; it stands still; and it never runs backwards."""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.processes import Sandbox
from tests.support.worlds import world
from vetline.sandbox.clock import MAX_ADVANCE, SandboxClock
from vetline.sandbox.control.durations import moment_after

FRIDAY = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 business days", datetime(2026, 11, 25, 15, 30, tzinfo=UTC)),
        ("1 Business Day", datetime(2026, 11, 23, 15, 30, tzinfo=UTC)),
        ("2 weeks", FRIDAY + timedelta(weeks=2)),
        ("36  hours", FRIDAY + timedelta(hours=36)),
        ("0 seconds", FRIDAY),
    ],
)
def test_distances(text: str, moment: datetime) -> None:
    assert moment_after(FRIDAY, text) == moment


@given(st.text())
def test_whatever_is_written_is_a_moment_ahead_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert moment_after(FRIDAY, text) >= FRIDAY


@given(st.integers(0, 999_999_999), st.sampled_from(["business day", "week", "day", "hour", "minute", "second"]))
def test_far_ones_are_refused_and_not_a_crash(number: int, unit: str) -> None:
    with contextlib.suppress(ValueError):
        assert moment_after(FRIDAY, f"{number} {unit}s") >= FRIDAY


MOVES = st.lists(
    st.one_of(
        st.floats(0, 1e7).map(lambda seconds: ("advance", timedelta(seconds=seconds))),
        st.just(("freeze", None)),
        st.just(("let_go", None)),
    )
)


@given(MOVES)
def test_time_never_runs_backwards(moves: list[tuple[str, timedelta | None]]) -> None:
    clock = SandboxClock()
    shown = clock.now()
    for name, by in moves:
        getattr(clock, name)(*([] if by is None else [by]))
        assert clock.now() >= shown + (by or timedelta(0))
        shown = clock.now()


def test_its_end() -> None:
    clock = SandboxClock()
    with pytest.raises(ValueError, match="ten years"):
        clock.advance(MAX_ADVANCE + timedelta(days=1))
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-timedelta(seconds=1))


def test_where_it_stood_still_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    clock.advance(timedelta(days=3))
    clock.freeze()
    again = SandboxClock(tmp_path / "clock")
    assert not again.frozen
    assert again.now() >= clock.now()


def test_it_stands_still_and_jumps(sandbox: Sandbox) -> None:
    with world(sandbox) as one:
        frozen = one.control("POST", "/clock", json={"frozen": True, "to": "2030-01-04T12:00:00Z"}).json()
        assert frozen == {"now": "2030-01-04T12:00:00+00:00", "frozen": True}
        assert one.control("GET", "/clock").json() == frozen
        moved = one.control("POST", "/clock", json={"advance": "1 business day"}).json()
        assert moved["now"] == "2030-01-07T12:00:00+00:00"
        going = one.control("POST", "/clock", json={"frozen": False}).json()
        assert not going["frozen"]
        assert one.control("GET", "/clock").json()["now"] > moved["now"]
        reset = one.control("POST", "/reset")
        assert reset.status_code == 204
        assert one.control("GET", "/clock").json()["now"] < "2030"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advanceSeconds": True},
        {"advanceSeconds": "soon"},
        {"advanceSeconds": -1},
        {"advanceSeconds": 1e300},
        {"advance": "some days"},
        {"advance": "1 day", "advanceSeconds": 1},
        {"to": "tomorrow"},
        {"to": "2030-01-01T00:00:00"},
        {"to": "2001-01-01T00:00:00Z"},
        {"to": "9999-01-01T00:00:00Z"},
        {"frozen": "yes"},
    ],
)
def test_what_no_clock_does_is_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    with world(sandbox) as one:
        before = one.control("GET", "/clock").json()
        answer = one.control("POST", "/clock", json=body)
        assert answer.status_code == 400
        assert answer.json()["description"].startswith("Invalid request input: ")
        after = one.control("GET", "/clock").json()
        assert (after["frozen"], after["now"][:13]) == (before["frozen"], before["now"][:13])
