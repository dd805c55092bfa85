"""`vetline copy` as it is typed: what it prints, its exit codes, and that nothing serves half a copy."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.service import Service
from tests.cli.running import VETLINE, Home
from tests.store.copying.moving import ask, assert_moved, installation, interrupted
from tests.support import terminals
from tests.support.authority import Authority
from tests.support.postgres import PostgresServer
from vetline.store.sqlite.store import SqliteStore

DONE = """\
table           old  new  checksums
customers       45   45   the same
cases           45   45   the same
events          74   74   the same
codes           1    1    the same
redemptions     2    2    the same
answers         50   50   the same
uploads         1    1    the same
upload_rows     8    8    the same
ended_sessions  1    1    the same
webhooks        1    1    the same
deliveries      51   51   the same
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An installation with something in every table."""
    return asyncio.run(installation(tmp_path / "vetline.db"))


@pytest.fixture
def issuer() -> Iterator[Authority]:
    """Whose tokens a service trusts."""
    with Authority() as found:
        yield found


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A fresh place."""
    return postgres.fresh()


def test_copy_prints_the_comparison(home: Home, path: Path, url: str) -> None:
    """Data to stdout, the sentence to stderr, and no bar where there is no terminal; a second time it is the same."""
    for _ in range(2):
        done = home.run("copy", "--from", f"sqlite:///{path}", "--to", url)
        assert (done.returncode, done.stdout) == (0, DONE)
        assert done.stderr.startswith("Every row is there. Serve the new database"), done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_progress_is_shown_at_a_terminal(home: Home, path: Path, url: str) -> None:
    """With how much there is, and of what."""
    command = _command(path, url)
    code, received = terminals.shown(command, home.environment | {"TERM": "xterm"}, width=120)
    assert (code, "copying" in received, "279/279" in received) == (0, True, True), received


def _command(path: Path, url: str) -> list[str]:
    return [*VETLINE, "copy", "--from", f"sqlite:///{path}", "--to", url]


def test_half_a_copy_is_served_by_nobody(home: Home, issuer: Authority, path: Path, url: str) -> None:
    """Neither `serve` nor `migrate` nor a sandbox takes it; finished, it is served."""
    asyncio.run(interrupted(path, url, 5, ["customers"]))
    for command in ("serve", "migrate", "sandbox"):
        done = home.run(command, "--database-url", url, **issuer.settings)
        assert done.returncode == 2
        assert "A copy into this database is not finished. Run the same `vetline copy` again" in done.stderr
    home.good("copy", "--from", f"sqlite:///{path}", "--to", url)
    asyncio.run(assert_moved(path, url))
    home.good("migrate", "--database-url", url)
    with Service(issuer, url, {}) as service:
        assert service.http.get("/readyz").status_code == 200


def test_a_served_source_is_refused(home: Home, issuer: Authority, path: Path, url: str) -> None:
    """And the service is not disturbed."""
    with Service(issuer, path, {}) as service:
        done = home.run("copy", "--from", f"sqlite:///{path}", "--to", url)
        assert (done.returncode, "is in use. Stop the service" in done.stderr) == (5, True), done.stderr
        assert service.http.get("/readyz").status_code == 200
    assert asyncio.run(ask(url, "SELECT 1 FROM pg_tables WHERE schemaname = current_schema()")) == []


def test_an_occupied_target_is_a_conflict(home: Home, path: Path, url: str, tmp_path: Path) -> None:
    """The sentence says what to give instead."""
    home.good("copy", "--from", f"sqlite:///{path}", "--to", url)
    other = tmp_path / "other.db"
    asyncio.run(SqliteStore(other).close())
    done = home.run("copy", "--from", f"sqlite:///{other}", "--to", url)
    assert (done.returncode, "holds other data already" in done.stderr) == (5, True), done.stderr


def test_a_difference_is_told_with_its_table(home: Home, path: Path, url: str) -> None:
    """Somebody wrote into the new database meanwhile."""
    home.good("migrate", "--database-url", url)
    meddling = "BEGIN UPDATE codes SET remaining = 0; RETURN NULL; END"
    asyncio.run(ask(url, f"CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS '{meddling}'"))
    asyncio.run(ask(url, "CREATE TRIGGER meddle AFTER INSERT ON answers EXECUTE FUNCTION meddle()"))
    done = home.run("copy", "--from", f"sqlite:///{path}", "--to", url)
    assert done.returncode == 1
    assert "codes           1    1    differ\n" in done.stdout
    assert "vetline: The databases differ: something else wrote into the new one." in done.stderr


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("postgresql://a@b/c", "sqlite:///x.db"),
        ("sqlite:///x.db", "sqlite:///y.db"),
        ("postgresql://a@b/c", "postgresql://a@b/d"),
        ("x.db", "postgresql://ada:secret@127.0.0.1:1/d"),
        ("sqlite://x.db", "postgresql://ada:secret@127.0.0.1:1/d"),
        ("sqlite:///", "postgresql://ada:secret@127.0.0.1:1/d"),
        ("mysql:///x", "postgresql://ada:secret@127.0.0.1:1/d"),
        ("sqlite:///{file}", "mysql://ada:secret@h/d"),
        ("sqlite:///{file}", "postgresql://ada:sec@ret@[::1/d"),
        ("sqlite:///{file}", "postgresql://ada:secret@127.0.0.1:port/d"),
    ],
)
def test_other_urls_are_told_what_is_understood(home: Home, path: Path, source: str, target: str) -> None:
    """Both forms are named, and no password is."""
    done = home.run("copy", "--from", source.format(file=path), "--to", target)
    assert done.returncode == 2, done.stderr
    assert "sqlite:///FILE" in done.stderr
    assert "postgresql://" in done.stderr
    assert "secret" not in done.stderr
    assert "sec@ret" not in done.stderr


def test_a_database_that_is_away_can_be_tried_again(home: Home, path: Path) -> None:
    """Its exit code says so, and the password stays out of it."""
    done = home.run("copy", "--from", f"sqlite:///{path}", "--to", "postgresql://ada:secret@127.0.0.1:1/x")
    assert (done.returncode, "cannot open the database" in done.stderr, "secret" in done.stderr) == (6, True, False)


def test_a_missing_file_or_database_is_a_mistake(home: Home, path: Path, postgres: PostgresServer) -> None:
    """Trying again would not help."""
    for source, target in ((f"{path}.not", postgres.url()), (str(path), postgres.url("nothing"))):
        assert home.run("copy", "--from", f"sqlite:///{source}", "--to", target).returncode == 2
    assert home.run("copy", "--to", postgres.url()).returncode == 2
