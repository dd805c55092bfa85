"""A database to measure on: started for as long as it is needed, or one that is given."""

import os
from pathlib import Path

import pytest
from bench.postgres import mebibytes, postgres, settle
from bench.processes import BenchError, free_port


def test_a_server_of_our_own_answers_and_goes() -> None:
    """It is empty, it has a size, and afterwards nobody answers any more."""
    with postgres(cores=os.sched_getaffinity(0)) as url:
        settle(url)
        assert 1 < mebibytes(url) < 100
    with pytest.raises(BenchError):
        mebibytes(url)


def test_a_given_database_is_used_as_it_is(tmp_path: Path) -> None:
    """Nothing is started for it."""
    with postgres("postgresql://somebody@elsewhere/database") as url:
        assert url == "postgresql://somebody@elsewhere/database"


def test_a_database_that_is_not_there_is_a_sentence_without_its_password() -> None:
    """What a table can hold."""
    with pytest.raises(BenchError, match="did not answer") as error:
        settle(f"postgresql://somebody:secret@127.0.0.1:{free_port()}/database")
    assert "secret" not in str(error.value)
