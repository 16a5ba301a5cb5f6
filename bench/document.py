"""docs/benchmarks.md: the tables between the marks are written anew, the rest stays."""

import os
import platform
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.rounds import Candidate

FILE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by make bench -->\n", "<!-- end -->\n"
_MOST = 8
"""Rows of a profile; the rest is little."""


def write(text: str) -> None:
    """Replace what stands between the marks."""
    before, _, rest = FILE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    FILE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


def machine() -> str:
    """Return one line on where and when this was measured."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, an fsync takes {1000 * _fsync():.1f} ms, "
        f"load average at the end "
        f"{os.getloadavg()[0]:.1f}.\n"
    )


def table(candidates: Iterable[Candidate]) -> str:
    """Return the table of requests a second, latencies and ratios."""
    rows = [
        "| database | message | requests/s | of the echo | p50 ms | p99 ms | p99 ms at half load |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in candidates:
        half = 1000 * one.half_load.percentile(0.99) if one.half_load else 0.0
        rows.append(
            f"| {one.backend} | {one.name} | {one.rate:.0f} | {one.ratio:.2f} | "
            f"{one.milliseconds(0.5):.1f} | {one.milliseconds(0.99):.1f} | {half:.1f} |"
        )
    return "\n".join(rows) + "\n"


def profile(columns: Sequence[tuple[str, Counter[str]]]) -> str:
    """Return the table of where the time goes, the costliest first, in percent."""
    total: Counter[str] = Counter()
    for _, shares in columns:
        total.update(shares)
    names = " | ".join(name for name, _ in columns)
    rows = [f"| where | {names} |", "|---|" + "---:|" * len(columns)]
    for room, _ in total.most_common(_MOST):
        cells = (f"{100 * shares[room] / shares.total():.0f} %" for _, shares in columns)
        rows.append(f"| {room} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _fsync(times: int = 50) -> float:
    taken = []
    with tempfile.TemporaryFile(dir=FILE.parent) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)
