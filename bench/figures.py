"""Figures as they are collected, shown and kept. A figure is a number, or the sentence that says why there is none."""

import json
import math
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from bench.progress import console

RESULTS = Path(__file__).with_name("results.json")

Row = dict[str, float | str]
Figures = dict[str, Row]


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that so large a share of the values does not exceed: one of them, never one in between."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def medians(rows: list[dict[str, float]]) -> Row:
    """Return the median of each figure over the rounds."""
    return {name: median(row[name] for row in rows) for name in rows[0]}


def load_average() -> str:
    """Return how much else the machine does: the mean number of running processes over one and over five minutes."""
    one, five, _ = os.getloadavg()
    return f"{one:.2f} {five:.2f}"


def show(title: str, found: Figures, load: str) -> None:
    """Print the figures of a part as a table."""
    table = Table(title=f"{title} (load average {load})", title_justify="left")
    table.add_column("What")
    table.add_column("Figures", overflow="fold")
    for name, row in found.items():
        table.add_row(name, ", ".join(f"{label} {_text(value)}" for label, value in row.items()))
    console.print(table)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}"


def keep(part: str, found: Figures, load: str, file: Path = RESULTS) -> None:
    """Write the figures of a part; those of other parts stay, with the machine that they were measured on."""
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    parts = kept.get("parts", {})
    parts[part] = {"machine": machine(), "load average": load, "figures": found}
    file.write_text(json.dumps({"parts": parts}, indent=2) + "\n", "utf-8")


def machine() -> dict[str, str | int | None]:
    """Return what the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory, MiB": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
    }


def _processor() -> str:
    """Source: https://man7.org/linux/man-pages/man5/proc_cpuinfo.5.html"""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
