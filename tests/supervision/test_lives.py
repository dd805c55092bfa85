"""When a process is started again: at once after a long life, later and later after short ones, and not for ever."""

from hypothesis import given
from hypothesis import strategies as st

from vetline.supervision.lives import PAUSES, STEADY_SECONDS, Lives

SHORT = st.floats(0, STEADY_SECONDS, exclude_max=True)


@given(st.lists(SHORT, min_size=len(PAUSES) + 1, max_size=20))
def test_short_lives_in_a_row_are_given_up(seconds: list[float]) -> None:
    """The pauses grow, then there are none."""
    lives = Lives()
    pauses = [lives.pause_after(one) for one in seconds]
    assert pauses[: len(PAUSES)] == sorted(PAUSES)
    assert set(pauses[len(PAUSES) :]) == {None}


@given(st.lists(SHORT, max_size=len(PAUSES)), st.floats(STEADY_SECONDS, 1e9))
def test_long_life_makes_up_for_short_ones(short: list[float], long: float) -> None:
    """After it everything begins anew."""
    lives = Lives()
    for one in short:
        lives.pause_after(one)
    assert [lives.pause_after(long), lives.pause_after(0)] == [0, 0]
