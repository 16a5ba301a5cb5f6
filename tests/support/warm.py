"""Bots that start in a tenth of a second: forked from a process that has imported everything.

Each is a process of its own with its own memory and its own end, only the imports are shared.
This module is both sides: `Warm` in the test, `main` in the process that forks.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

LATE_IMPORTS = ("bot.app", "psycopg", "sqlalchemy.dialects.postgresql.psycopg", "bot.cli.serve")


class WarmProcess:
    """One forked bot; it can be waited for and sent signals like a `subprocess.Popen`."""

    def __init__(self, warm: "Warm", pid: int) -> None:
        self._warm = warm
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal, or None while it runs."""
        if self._code is None:
            self._code = self._warm.ask({"poll": self.pid})
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Warm:
    """The process that forks; it ends, and its bots with it, when the test's process does."""

    def __init__(self) -> None:
        project = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=project,
            text=True,
        )

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> WarmProcess:
        """Start `python -m bot` with these arguments; its output is added to `log`."""
        pid = self.ask({"start": [*arguments], "environment": {**environment}, "log": str(log)})
        assert pid is not None
        return WarmProcess(self, pid)

    def ask(self, request: dict[str, object]) -> int | None:
        """Return the answer to one request."""
        to, answers = self._process.stdin, self._process.stdout
        assert to is not None
        assert answers is not None
        print(json.dumps(request), file=to, flush=True)
        answer: int | None = json.loads(answers.readline())
        return answer


@cache
def warm() -> Warm:
    """Return the one of this test process."""
    return Warm()


def main(requests: IO[str], answers: IO[str]) -> None:
    """Fork as asked until nobody asks any more."""
    for module in LATE_IMPORTS:
        importlib.import_module(module)
    running: set[int] = set()
    for line in requests:
        request = json.loads(line)
        answer = _fork(request) if "start" in request else _exit_code(request["poll"])
        if "start" in request and answer is not None:
            running.add(answer)
        elif answer is not None:
            running.remove(request["poll"])
        print(json.dumps(answer), file=answers, flush=True)
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _exit_code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _fork(request: dict[str, object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        code = _be_the_bot(request)
    except BaseException:
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _be_the_bot(request: dict[str, object]) -> int:
    from bot.cli import main as run

    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(str(request["log"]), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    environment = request["environment"]
    assert isinstance(environment, dict)
    os.environ.clear()
    os.environ.update(environment)
    arguments = request["start"]
    assert isinstance(arguments, list)
    return run(arguments)


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
