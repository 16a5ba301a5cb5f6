"""Processes under load: each ends when its standard input is closed."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from simulator.corp import Corp

_PATIENCE = 15


def as_json(corp: Corp) -> str:
    """Return the app as a process is told of it on its command line."""
    return json.dumps(asdict(corp))


@contextmanager
def process(
    command: Sequence[str],
    log: IO[bytes],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Lend a process whose standard output can be read; what it says else goes to `log`."""
    running = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        cwd=folder,
        env=environment,
    )
    assert running.stdin
    assert running.stdout
    try:
        yield running
    finally:
        running.stdin.close()
        try:
            running.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        running.stdout.close()


def port_of(running: subprocess.Popen[str]) -> int | None:
    """Return the port that a process prints first; None when it ended without one."""
    assert running.stdout
    return int(running.stdout.readline() or 0) or None
