"""The servers under load, each a process of its own on the first processor; the load comes from the second."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx2

from bench.processes import LOAD_CORE, SERVER_CORE, BenchError
from bench.seeding import customer_id
from vetline.cli.tokens import token_from

AFTER_DAYS = "after:864000"


class _Server:
    """A process that serves at `base` until it is left."""

    base: str
    start_seconds: float

    def __init__(self, command: list[str]) -> None:
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORE),
        )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("ready "):
            raise BenchError(f"{' '.join(command)} did not start")
        self.base = line.split()[1]
        httpx2.get(f"{self.base}/healthz")
        self.start_seconds = time.perf_counter() - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def resident_mebibytes(self) -> float:
        """Return the process's resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


class Hello(_Server):
    """Bare ASGI hello world on the same HTTP server and event loop."""

    def __init__(self) -> None:
        super().__init__(["-m", "bench.hello"])

    @property
    def headers(self) -> list[str]:
        """The same request headers as the service gets."""
        return _headers("x" * 1_200)

    @property
    def path(self) -> str:
        """Any path of the same length."""
        return f"/v1/customers/{customer_id(0)}/qualifications"


class Service(_Server):
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
            self.token = token_from(self.base, "Contoso", app_only=False, reviewer=False)
            self._begin_one_case()
        except BaseException:
            self.__exit__()  # it would outlive the benchmark
            raise

    def _begin_one_case(self) -> None:
        answer = httpx2.post(
            f"{self.base}{self.path}", json="Education", headers={"Authorization": f"Bearer {self.token}"}
        )
        if answer.status_code not in (201, 409):
            raise BenchError(f"the service answered {answer.status_code}: {answer.text}")

    @property
    def headers(self) -> list[str]:
        """The headers that the official client sends."""
        return _headers(self.token)

    @property
    def path(self) -> str:
        """The qualifications of a customer whose case is in review."""
        return f"/v1/customers/{customer_id(0)}/qualifications"


def _headers(token: str) -> list[str]:
    return [
        f"Authorization: Bearer {token}",
        "Accept: application/json",
        "MS-RequestId: 037db222-6d8e-4d7f-ba78-df3dca33fb68",
        "MS-CorrelationId: 7d2456fd-2d79-46d0-9f8e-5d7ecd5f8745",
    ]


def load(arguments: list[str], environment: dict[str, str] | None = None) -> float:
    """Run wrk on the other processor, and return the requests it got answered per second.

    Raises:
        BenchError: some answers were not what they should be, or none came.
    """
    done = subprocess.run(
        ["wrk", "-t1", "-c64", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
        preexec_fn=lambda: os.sched_setaffinity(0, LOAD_CORE),
    )
    if "Non-2xx" in done.stdout:
        raise BenchError(f"some answers were refusals:\n{done.stdout}")
    time.sleep(0.2)  # let the server finish what it was in the middle of
    rate = float(next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("Requests/sec")))
    if not rate:
        raise BenchError(f"nothing was answered:\n{done.stdout}")
    return rate
