"""Which databases a URL names, and what is said of those that it does not name."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer

# Runs a command as on an installation without the driver.
WITHOUT_DRIVER = """
import sys
sys.modules["asyncpg"] = None
from vetline.cli.main import main
sys.argv[1:] = ["migrate", "--database-url", "postgresql://localhost/x"]
main()
"""
NOT_UNDERSTOOD = [
    "postgresql://ada:pa/ss@localhost/x",
    "postgresql://ada:secret@localhost:port/x",
    "postgresql://ada:secret@localhost/x?sslmode=secret",
    "postgresql://[ada:secret",
    "mysql://ada:secret@localhost/x",
    "postgresql://ada:p@ss?secret@localhost/x",
]


def _migrate(url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetline", "migrate", "--database-url", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_migrate_prepares_either_kind(tmp_path: Path, postgres: PostgresServer) -> None:
    """And says so, the second time too."""
    for url in (f"sqlite:///{tmp_path}/vetline.db", postgres.fresh()) * 2:
        done = _migrate(url)
        assert (done.returncode, done.stdout) == (0, "The database is up to date.\n"), done.stderr


@pytest.mark.parametrize("url", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_said_without_the_password(url: str) -> None:
    """The sentence says what to give."""
    done = _migrate(url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not understood: give sqlite:///FILE" in done.stderr.replace("\n", " ")
    assert not [word for word in ("secret", "ss@", "'pa'") if word in done.stderr]


def test_server_that_is_not_there_is_said_without_the_password() -> None:
    """It is no traceback either."""
    done = _migrate("postgresql://ada:secret@127.0.0.1:1/x")
    assert done.returncode == 2
    assert "cannot open the database" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_driver_it_is_said_what_to_install() -> None:
    """SQLite needs none; PostgreSQL's is an extra."""
    done = subprocess.run([sys.executable, "-c", WITHOUT_DRIVER], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "A PostgreSQL database needs asyncpg: pip install 'vetline[postgres]'." in done.stderr.replace("\n", " ")
