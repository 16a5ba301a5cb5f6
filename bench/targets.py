"""What of our own is put under load: the echo, and the bot on each kind of database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench import office
from bench.load import LoadError
from bench.processes import as_json, port_of, process
from simulator.corp import Corp
from tests.support import databases


@dataclass(frozen=True)
class Backend:
    """A database for the bot. `slower` are milliseconds added to each commit."""

    name: str
    kind: str
    slower: int = 0


SLOW_DISK = 4
"""Milliseconds of an fsync on the machine that the goals were set on."""
BACKENDS = (
    Backend("SQLite", "sqlite"),
    Backend(f"SQLite, each commit {SLOW_DISK} ms longer", "sqlite", SLOW_DISK),
    Backend("PostgreSQL", "postgresql"),
)


@contextmanager
def echo(corp: Corp, log: IO[bytes]) -> Iterator[int]:
    """Lend the port of an echo."""
    with _serving(log, "echo", corp, "sqlite:///unused.db", 0) as port:
        yield port


@contextmanager
def bot(
    corp: Corp, backend: Backend, folder: Path, units: int, log: IO[bytes]
) -> Iterator[tuple[int, str]]:
    """Lend the port of a bot in an office of so many units, and the URL of its database."""
    url = databases.url(backend.kind, folder)
    office.furnish(corp, url, units)
    try:
        with _serving(log, "bot", corp, url, backend.slower) as port:
            yield port, url
    finally:
        if backend.kind == "postgresql":
            databases.drop(url)


@contextmanager
def _serving(log: IO[bytes], what: str, corp: Corp, url: str, slower: int) -> Iterator[int]:
    arguments = [what, as_json(corp), url, str(slower)]
    with process([sys.executable, "-m", "bench.serving", *arguments], log) as running:
        port = port_of(running)
        if not port:
            raise LoadError(f"{what} did not start on {url}")
        yield port
