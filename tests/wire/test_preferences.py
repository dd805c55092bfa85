"""How long a client prefers to wait: read as RFC 7240 writes it, and ignored wherever it cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetline.wire.preferences import wait_of

LONGEST = 20


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (b"wait=10", 10),
        (b"WAIT=10", 10),
        (b" wait\t = 10 ", 10),
        (b"wait=0", 0),
        (b"wait=007", 7),
        (b"wait=20", 20),
        (b"wait=21", 20),
        (b"wait=10; why=ours; again", 10),
        (b"respond-async, wait=10", 10),
        (b"wait=10,respond-async", 10),
        (b",, ,wait=10,", 10),
        (b"wait=3, wait=9", 3),  # the first counts
        (b"wait=x, wait=9", None),
        (b'handling="a, wait=9", wait=3', 3),
        (b'handling="a \\", wait=9", wait=3', 3),
        (b'handling="a; b"; c="wait=9", wait=3', 3),
        (b'handling="a, wait=9', None),  # a quoted text without an end
    ],
)
def test_a_wait(prefer: bytes, seconds: int | None) -> None:
    """What the grammar allows is read: https://www.rfc-editor.org/rfc/rfc7240#section-2."""
    assert wait_of(prefer, LONGEST) == seconds


NO_WAIT = rb"""
wait
wait=
wait=-1
wait=+1
wait=1.5
wait=1e1
wait=1_0
wait=0x1
wait=1 0
wait="10"
wait: 10
awaits=10
wait-for=10
wait=10=10
"""


@pytest.mark.parametrize("prefer", [*NO_WAIT.splitlines(), b"wait=\xd9\xa1", b"wait=\xb2", b"\xff"])
def test_no_wait(prefer: bytes) -> None:
    """Everything else is ignored."""
    assert wait_of(prefer, LONGEST) is None


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=6_000))
def test_a_long_wait_is_cut(seconds: int, zeros: int) -> None:
    """However large the number is, and however many zeros stand before it."""
    assert wait_of(b"wait=%b%d" % (b"0" * zeros, seconds), LONGEST) == min(seconds, LONGEST)


@pytest.mark.parametrize("piece", [b"9", b'"', b'"\\', b"\\", b",", b"wait=", b"; =", b'"a",'])
def test_a_long_header_is_read_in_no_time(piece: bytes) -> None:
    """No text of a size that a server lets through is hard to read; a quadratic reading would take minutes."""
    assert wait_of(b"wait=" + piece * (1_000_000 // len(piece)), LONGEST) in (None, LONGEST)


@given(st.binary() | st.text(alphabet='wait=0123456789,;" \\').map(str.encode))
def test_any_header_at_all(prefer: bytes) -> None:
    """Nothing is a fault, and nobody waits longer than is allowed."""
    assert wait_of(prefer, LONGEST) in (None, *range(LONGEST + 1))
