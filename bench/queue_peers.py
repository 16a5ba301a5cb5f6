"""Runs the task queues of bench/queues and counts what they do, also when they are killed."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from simulator.ports import free_port
from tests.support import databases

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-bench" / "queues" / "bin" / "python"
_LINE = 9
"""Bytes that a task appends."""
_START = 30.0
"""Seconds a worker has until its first task is done."""


class PeerFailed(Exception):
    """A queue that could not be measured; the text says why."""


@dataclass(frozen=True)
class Peer:
    """One queue; `place` lends where its tasks are kept."""

    name: str
    module: str
    place: Callable[[Path, ExitStack], str]
    tasks: int
    """How many are enough to measure its rate."""


@dataclass(frozen=True)
class Measured:
    """What came of it."""

    tasks: int
    rate: float
    """Tasks a second, from the first to the last."""
    lost: int
    """Tasks not done when the restarted worker had been quiet for a while."""
    doubled: int


def measure(peer: Peer, folder: Path, share: float, quiet: float) -> Measured:
    """Measure the rate, then kill a worker in the middle; raises PeerFailed.

    `share` of the peer's tasks are put; `quiet` is how many seconds without any task end a run.
    """
    if not PYTHON.exists():
        raise PeerFailed("not installed: make bench")
    tasks = max(100, int(peer.tasks * share))
    with ExitStack() as stack:
        place = peer.place(folder, stack)
        rate = _rate(peer, place, folder / f"{peer.module}.done", tasks)
        lost, doubled = _killed(peer, place, folder / f"{peer.module}.killed", tasks, quiet)
    return Measured(tasks, rate, lost, doubled)


def _rate(peer: Peer, place: str, file: Path, tasks: int) -> float:
    _put(peer, place, file, tasks)
    with _worker(peer, place, file) as process:
        _wait(process, file, 1, _START)
        before, started = _done(file), time.perf_counter()
        _wait(process, file, tasks, _START)
        return (_done(file) - before) / (time.perf_counter() - started)


def _killed(peer: Peer, place: str, file: Path, tasks: int, quiet: float) -> tuple[int, int]:
    """Return how many tasks were lost and how many were done again."""
    _put(peer, place, file, tasks)
    with _worker(peer, place, file) as process:
        _wait(process, file, tasks // 2, _START)
    with _worker(peer, place, file) as process:
        last, since = _done(file), time.monotonic()
        while time.monotonic() - since < quiet and _numbers(file) < tasks:
            time.sleep(0.05)
            if _done(file) != last:
                last, since = _done(file), time.monotonic()
    different = _numbers(file)
    return tasks - different, _done(file) - different


def _put(peer: Peer, place: str, file: Path, tasks: int) -> None:
    file.touch()
    done = subprocess.run(
        [PYTHON, "-m", f"bench.queues.{peer.module}", "put", place, str(tasks), file],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise PeerFailed((done.stderr.strip().splitlines() or ["no reason given"])[-1])


@contextmanager
def _worker(peer: Peer, place: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Lend a worker with all its processes; in the end they are killed with SIGKILL."""
    process = subprocess.Popen(
        [PYTHON, "-m", f"bench.queues.{peer.module}", "work", place, "0", file],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "C_FORCE_ROOT": "1"},
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], file: Path, tasks: int, seconds: float) -> None:
    """Wait until so many tasks are done; raises PeerFailed."""
    until = time.monotonic() + seconds
    while _done(file) < tasks:
        if process.poll() is not None:
            raise PeerFailed("its worker ended")
        if time.monotonic() > until:
            raise PeerFailed(f"only {_done(file)} of {tasks} tasks in {seconds:.0f} s")
        time.sleep(0.002)


def _done(file: Path) -> int:
    return file.stat().st_size // _LINE


def _numbers(file: Path) -> int:
    return len(set(file.read_bytes().split()))


def _file(folder: Path, _stack: ExitStack) -> str:
    return str(folder / "tasks.db")


def _apart(name: str) -> Callable[[Path, ExitStack], str]:
    return lambda folder, stack: f"{_file(folder, stack)}-{name}"


def _redis(_folder: Path, stack: ExitStack) -> str:
    program = shutil.which("redis-server")
    if program is None:
        raise PeerFailed("no redis-server: apt-get install redis-server")
    port = free_port(6399)
    server = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    stack.callback(server.wait)
    stack.callback(server.terminate)
    time.sleep(0.5)
    return f"redis://127.0.0.1:{port}/0"


def _postgresql(_folder: Path, stack: ExitStack) -> str:
    url = databases.empty_postgresql_url()
    stack.callback(databases.drop, url)
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)


PEERS = (
    Peer("APScheduler 3, SQLAlchemy job store (SQLite)", "on_apscheduler", _apart("aps"), 1000),
    Peer("huey, SQLite", "on_huey", _apart("huey"), 10_000),
    Peer("dramatiq, Redis", "on_dramatiq", _redis, 10_000),
    Peer("Celery, Redis", "on_celery", _redis, 5_000),
    Peer("procrastinate, PostgreSQL", "on_procrastinate", _postgresql, 1_000),
)
