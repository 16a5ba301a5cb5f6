"""How fast due reminders leave, beside task queues that do nothing, and what a SIGKILL costs each.

`make bench SECTIONS=drain`. Ours are real reminders from real processes to a stub of WeCom
that recognises repeated requests and counts what each person saw.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench import backlog, wecom
from bench.pace import Pace
from bench.queue_peers import PEERS, Measured, Peer, PeerFailed, measure
from bench.wecom import Seen, Stub
from tests.support import databases

PEOPLE = 100_000
KILLS = 4
_BACKENDS = {"sqlite": "SQLite, FULL", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Ours:
    """What came of our outbox on one database."""

    backend: str
    people: int
    rate: float
    """Reminders a second, from the first claim to the last record."""
    calls: int
    killed: Seen
    """What people saw of a second round whose workers were killed."""

    @property
    def lost(self) -> int:
        """Reminders that nobody saw."""
        return self.people - self.killed.seen


def section(pace: Pace) -> str:
    """Return the table in Markdown."""
    people, share, quiet = (2000, 0.02, 2.0) if pace.quick else (PEOPLE, 1.0, 8.0)
    with tempfile.TemporaryDirectory(prefix="bench-drain-") as name:
        folder = Path(name)
        peers = [(peer, _measured(peer, folder, share, quiet)) for peer in PEERS]
        drained = [ours(kind, folder, people) for kind in _BACKENDS]
    return _table(drained, peers)


def _measured(peer: Peer, folder: Path, share: float, quiet: float) -> Measured | str:
    try:
        return measure(peer, folder, share, quiet)
    except PeerFailed as failure:
        return str(failure)


def ours(kind: str, folder: Path, people: int) -> Ours:
    """Drain a holiday's reminders undisturbed, and then a round of 催办 under kills."""
    url = databases.url(kind, folder)
    try:
        with wecom.running() as stub, backlog.opened(url, stub.address) as bot:
            backlog.furnish(bot, people)
            _must(backlog.plan(bot), people)
            seconds = _drained(url, stub)
            first = stub.seen()
            _must(first.seen, people)
            _must(backlog.chase(bot), people)
            _killed_and_drained(url, stub, seconds)
            _must(backlog.due(bot), 0)
            return Ours(_BACKENDS[kind], people, people / seconds, first.calls, stub.seen())
    finally:
        if kind == "postgresql":
            databases.drop(url)


def _must(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} reminders instead of {wanted}")


def _drained(url: str, stub: Stub) -> float:
    """Let one worker drain to the end; return the seconds."""
    with _drainer(url, stub, 0) as process:
        started = time.perf_counter()
        process.wait()
        return time.perf_counter() - started


def _killed_and_drained(url: str, stub: Stub, seconds: float) -> None:
    """Kill one worker after the other somewhere in its work, then let one finish."""
    chance = Random(1)
    for number in range(KILLS):
        with _drainer(url, stub, number) as process:
            time.sleep(chance.uniform(0.2, 0.8) * seconds / KILLS)
            process.kill()
    with _drainer(url, stub, KILLS) as process:
        _must(process.wait(), 0)


@contextmanager
def _drainer(url: str, stub: Stub, leases: int) -> Iterator[subprocess.Popen[str]]:
    """Lend a worker that is about to claim."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.drainer", url, stub.address, str(leases)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _table(ours: list[Ours], peers: list[tuple[Peer, Measured | str]]) -> str:
    fastest = max((one.rate for _, one in peers if isinstance(one, Measured)), default=0.0)
    rows = [
        "| | tasks | per second | of the fastest queue | killed: lost | killed: twice |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in ours:
        ratio = f"{one.rate / fastest:.1f}" if fastest else ""
        rows.append(
            f"| our reminders, {one.backend} | {one.people} | {one.rate:.0f} | {ratio} | "
            f"{one.lost} | {one.killed.twice} |"
        )
    for peer, found in peers:
        if isinstance(found, str):
            rows.append(f"| {peer.name} | not measured: {found} | | | | |")
            continue
        rows.append(
            f"| {peer.name} | {found.tasks} | {found.rate:.0f} | {found.rate / fastest:.2f} | "
            f"{found.lost} | {found.doubled} |"
        )
    repeated = sum(one.killed.recognised for one in ours)
    calls = ", ".join(f"{one.calls}" for one in ours)
    rows.append(
        f"\nOur {ours[0].people} reminders took {calls} calls. Of the {KILLS} workers killed on "
        f"each database, {repeated} requests were repeated and recognised by WeCom's rule."
    )
    return "\n".join(rows) + "\n"
