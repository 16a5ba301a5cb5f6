"""The stub (`bench.stub`) as a process, and what it has seen."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """What people saw since the last look."""

    calls: int
    recognised: int
    """Of the calls, how many repeated an earlier one and were delivered to nobody."""
    seen: int
    """Different messages, counted by person."""
    twice: int
    """Of those, how many a person saw more than once."""


@dataclass(frozen=True)
class Stub:
    """A running stub."""

    address: str

    def seen(self) -> Seen:
        """Return what was seen, and let it be forgotten."""
        with urllib.request.urlopen(f"{self.address}/seen", timeout=30) as answer:
            return Seen(**json.load(answer))


@contextmanager
def running(milliseconds: int = 0) -> Iterator[Stub]:
    """Lend a stub that answers after so long."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stub", str(milliseconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Stub(f"http://127.0.0.1:{int(process.stdout.readline())}")
    finally:
        process.stdin.close()
        process.wait(timeout=15)
        process.stdout.close()
