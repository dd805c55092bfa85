"""The servers under load, each a process of its own on the first processor; the load comes from the second."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx2

from bench.processes import SERVER_CORE, BenchError
from bench.seeding import customer_id
from vetline.cli.tokens import token_from

AFTER_DAYS = "after:864000"


class Server:
    """A process that serves at `base` until it is left.

    Parameters:
        command: what Python is told to run.
        cores: the processors that it has.
        environment: more of it.
    """

    base: str
    start_seconds: float

    def __init__(
        self, command: list[str], cores: set[int] = SERVER_CORE, environment: dict[str, str] | None = None
    ) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            self.__exit__()
            raise BenchError(f"{command[0]} {command[1]} did not start")
        self.base = line.split()[1]
        httpx2.get(f"{self.base}/healthz")
        self.start_seconds = time.perf_counter() - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)

    def resident_mebibytes(self) -> float:
        """Return the process's resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    @property
    def token(self) -> str:
        """What requests show; as long as a real one."""
        return "x" * 1_200

    @property
    def headers(self) -> list[str]:
        """The headers that the official client sends."""
        return [
            f"Authorization: Bearer {self.token}",
            "Accept: application/json",
            "MS-RequestId: 037db222-6d8e-4d7f-ba78-df3dca33fb68",
            "MS-CorrelationId: 7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745",
        ]

    @property
    def path(self) -> str:
        """The qualifications of a customer; where the service is ours, its case is in review."""
        return f"/v1/customers/{customer_id(0)}/qualifications"


class Hello(Server):
    """Bare ASGI hello world on the same HTTP server and event loop.

    Parameters:
        per_second: how many requests a second it answers at most; 0 for as many as it can.
        cores: the processors that it has.
    """

    def __init__(self, per_second: float = 0, cores: set[int] = SERVER_CORE) -> None:
        super().__init__(["-m", "bench.hello", str(per_second)], cores)


class Service(Server):
    """The sandbox on a data folder.

    Parameters:
        data: where it keeps everything.
        vetting: its mode; cases stay in review unless another is given.
        database_url: where the database is, if not in that folder.
    """

    def __init__(self, data: Path, vetting: str = AFTER_DAYS, database_url: str = "") -> None:
        options = ["--vetting", vetting, "--log-level", "error", "--database-url", database_url]
        super().__init__(["-m", "vetline", "sandbox", "--port", "0", "--data", str(data), *options])
        try:
            self._token = token_from(self.base, "Contoso", app_only=False, reviewer=False)
            begin_one_case(self)
        except BaseException:
            self.__exit__()  # it would outlive the benchmark
            raise

    @property
    def token(self) -> str:
        """A user's of Contoso."""
        return self._token


def begin_one_case(service: Server) -> None:
    """Submit for the customer whom everybody reads, unless that was done before.

    Raises:
        BenchError: it was refused.
    """
    answer = httpx2.post(
        f"{service.base}{service.path}", json="Education", headers={"Authorization": f"Bearer {service.token}"}
    )
    if answer.status_code not in (201, 409):
        raise BenchError(f"the service answered {answer.status_code}: {answer.text}")
