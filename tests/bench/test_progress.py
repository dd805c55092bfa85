"""Who waits at a terminal sees what is being done; a file gets the tables alone."""

import pytest
from bench.durable import starts
from bench.progress import progress, progressing


def test_a_pipe_hears_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """And everything is done all the same."""
    progress("Preparing ...")
    assert list(progressing(range(3), "Adding")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_each_database_begins_with_its_first_customer() -> None:
    """However many runs other parts had before, none comes to customers that are not there."""
    first, second = starts(), starts()
    assert [next(first) for _ in range(3)] == [1, 50_001, 100_001]
    assert next(second) == 1
