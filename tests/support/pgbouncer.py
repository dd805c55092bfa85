"""A real PgBouncer before a test's PostgreSQL, where one is installed: no package of the tests carries it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

from tests.support.postgres import PostgresServer

START_SECONDS = 10.0
BINARY = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class PgBouncer:
    """One pooler on a loopback port of its own.

    Parameters:
        postgres: the server behind it.
        pool_mode: ``session`` or ``transaction``.
    """

    def __init__(self, postgres: PostgresServer, pool_mode: str) -> None:
        assert BINARY
        self._folder = Path(tempfile.mkdtemp(prefix="vetline-pgbouncer-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        host, _, port = postgres.place.partition(":")
        users, settings = self._folder / "users", self._folder / "pgbouncer.ini"
        users.write_text('"vetline" ""\n', "utf-8")
        settings.write_text(
            f"[databases]\n* = host={host} port={port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self._port}\n"
            f"unix_socket_dir =\nauth_type = trust\nauth_file = {users}\npool_mode = {pool_mode}\n"
            # A place of its own is a test's matter; a service has a database, or a role with a search_path.
            f"logfile = {self._folder / 'log'}\nignore_startup_parameters = extra_float_digits,search_path\n",
            "utf-8",
        )
        as_nobody: dict[str, Any] = {}
        if not os.getuid():  # it refuses to run as root
            as_nobody = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
            for place in (self._folder, users, settings):
                os.chown(place, pwd.getpwnam("nobody").pw_uid, -1)
        self._process = subprocess.Popen([BINARY, "-q", str(settings)], cwd="/", **as_nobody)
        self._until_it_answers()

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
            except OSError:
                assert time.monotonic() < deadline, (self._folder / "log").read_text("utf-8")
            else:
                return

    def url(self, database: str) -> str:
        """Return the address of a database through it."""
        return f"postgresql://vetline@127.0.0.1:{self._port}/{database}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder)
