"""docs/benchmarks.md: each section's part between its marks is written anew, the rest stays."""

import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def write(section: str, text: str) -> None:
    """Replace what stands between the marks of a section; LookupError when it has none."""
    begin, end = _marks(section)
    before, _, rest = FILE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    FILE.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def check_marks(section: str) -> None:
    """Raise LookupError when there is no place for the section, before it is measured."""
    text = FILE.read_text(encoding="utf-8")
    for mark in _marks(section):
        if mark not in text:
            raise LookupError(f"{FILE.name} has no line {mark.strip()!r}")


def _marks(section: str) -> tuple[str, str]:
    return f"<!-- {section}: written by make bench -->\n", f"<!-- {section}: end -->\n"


def machine() -> str:
    """Return one line on where and when this was measured."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, an fsync takes {1000 * _fsync():.1f} ms, "
        f"load average at the end "
        f"{os.getloadavg()[0]:.1f}.\n"
    )


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
