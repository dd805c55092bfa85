"""What one partner may ask for in a minute, to the second."""

from hypothesis import given
from hypothesis import strategies as st

from vetline.api.limiter import WINDOW_SECONDS, Limiter

BEGIN = 1_800_000_000.0  # the begin of a minute


def test_exactly_as_many_as_allowed() -> None:
    """The last permitted request goes on, the next waits for the rest of the minute; others are not affected."""
    limiter = Limiter(3)
    assert [limiter.wait_for("a", BEGIN + second) for second in (0, 1, 2, 3, 59.5)] == [0, 0, 0, 57, 1]
    assert limiter.wait_for("b", BEGIN + 3) == 0


def test_the_next_minute_is_fresh() -> None:
    """Whoever waits as long as it was told may go on."""
    limiter = Limiter(1)
    assert limiter.wait_for("a", BEGIN + 10) == 0
    assert limiter.wait_for("a", BEGIN + 10 + limiter.wait_for("a", BEGIN + 10)) == 0


def test_no_limit() -> None:
    """Zero is no limit."""
    limiter = Limiter(0)
    assert {limiter.wait_for("a", BEGIN) for _ in range(10_000)} == {0}


@given(st.integers(1, 5), st.lists(st.floats(BEGIN - 300, BEGIN + 300), max_size=50))
def test_the_wait_is_a_usable_header(per_minute: int, moments: list[float]) -> None:
    """Whatever the clock does, also backwards, the wait is whole seconds of at most a minute."""
    limiter = Limiter(per_minute)
    waits = [limiter.wait_for("a", moment) for moment in moments]
    assert all(0 <= wait <= WINDOW_SECONDS for wait in waits)
