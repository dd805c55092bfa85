"""What a process holds: memory, descriptors, threads, its database and that one's log."""

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a process holds at one moment.

    Parameters:
        resident: its memory that is in the machine's, in MiB; pages of the database that it has mapped are counted
            too, for each connection again, although the system may take them back at any time.
        own: the part of it that is nobody else's and stands in no file, in MiB: what a leak would make grow.
        descriptors: how many files and sockets it has open.
        threads: how many.
        database, log: the sizes of its SQLite file and of the log in front of it, in MiB.
    """

    resident: float
    own: float
    descriptors: int
    threads: int
    database: float
    log: float

    @classmethod
    def of(cls, process: int, database: Path) -> "Vitals":
        """Look at a process and its database."""
        status = dict(line.split(":", 1) for line in _lines(process))
        return cls(
            resident=_kibibytes(status["VmRSS"]) / 1024,
            own=_kibibytes(status["RssAnon"]) / 1024,
            descriptors=len(list(Path(f"/proc/{process}/fd").iterdir())),
            threads=int(status["Threads"]),
            database=_mebibytes(database),
            log=_mebibytes(database.with_name(f"{database.name}-wal")),
        )

    def figures(self) -> dict[str, float]:
        """Return them by name."""
        return {name: round(value, 2) for name, value in asdict(self).items()}


def _kibibytes(text: str) -> int:
    """Source: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html"""
    return int(text.split()[0])


def _lines(process: int) -> list[str]:
    return Path(f"/proc/{process}/status").read_text("ascii").splitlines()


def _mebibytes(file: Path) -> float:
    return file.stat().st_size / 2**20 if file.exists() else 0.0
