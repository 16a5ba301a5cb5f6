"""`make demo` for tests: the real command with the real bot, in processes and a folder of its own.

The first start imports the sample data, which takes seconds: it is done once, and each test
goes on from a copy.
"""

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import requests

PROJECT = Path(__file__).parents[2]
RUNNING = "按 Ctrl-C 停止"
SECONDS = 60.0
"""How long anything may take on a machine under load; nothing waits that long when all is well."""


class Demo:
    """One run of the demo. `url` is the chat page's address, as it was printed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        ports = () if options else ("--port", "0", "--bot-port", "0")
        self.process = subprocess.Popen(
            command(folder, *ports, *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=PROJECT,
            text=True,
            encoding="utf-8",
        )
        self.output = ""
        self._over = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self) -> "Demo":
        """Wait until it runs."""
        self.wait_for(RUNNING)
        return self

    @property
    def addresses(self) -> list[str]:
        """Every address in the output."""
        return [word.split("：")[-1] for word in self.output.split() if "http://" in word]

    @property
    def url(self) -> str:
        """The chat page."""
        return self.addresses[0]

    def wait_for(self, text: str) -> None:
        """Wait until the terminal shows `text`; fail at once when it shows no more."""
        with self._news:
            self._news.wait_for(lambda: text in self.output or self._over, timeout=SECONDS)
        assert text in self.output, self.output

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the demo by a signal and return its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(timeout=SECONDS)
        self._reader.join(timeout=SECONDS)
        return code

    def close(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in self.bots():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._reader.join(timeout=SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def bots(self) -> list[int]:
        """The running bots that have this folder's database, whoever started them."""
        config = str(self.folder / "config.toml")
        return [pid for pid, words in _processes() if config in words and "serve" in words]

    def say(self, userid: str, text: str) -> str:
        """Write to the bot and return its answer."""
        answer = self.post("say", userid=userid, text=text)
        assert not answer["problem"], answer
        return str(answer["reply"])

    def move(self, at: datetime) -> None:
        """Move the clock."""
        self.post("clock", at=at.isoformat())

    def now(self) -> datetime:
        """What the phones show."""
        return datetime.fromisoformat(self.get("clock")["now"])

    def texts(self, userid: str) -> list[str]:
        """The texts of one person's conversation."""
        entries = self.get(f"conversations/{userid}")["entries"]
        return [entry["body"]["content"] for entry in entries if entry["msgtype"] == "text"]

    def get(self, path: str) -> dict[str, Any]:
        """Ask the simulator."""
        answer = requests.get(f"{self.url}simulator/{path}", timeout=SECONDS)
        return dict(answer.json())

    def post(self, path: str, **data: object) -> dict[str, Any]:
        """Do something on a phone, or with the clock."""
        answer = requests.post(f"{self.url}simulator/{path}", json=data, timeout=SECONDS)
        assert answer.ok, answer.text
        return dict(answer.json())

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.output += line
                self._news.notify_all()
        with self._news:
            self._over = True
            self._news.notify_all()


@contextlib.contextmanager
def demo(folder: Path, *options: str) -> Iterator[Demo]:
    """Run the demo in `folder`, which goes on from the sample data if it is empty."""
    if not folder.exists():
        shutil.copytree(_prepared(), folder)
    one = Demo(folder, *options)
    try:
        yield one.start()
    finally:
        one.close()


def failing_demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a demo that cannot start."""
    return subprocess.run(
        command(folder, *options),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=PROJECT,
        timeout=SECONDS,
        check=False,
    )


def command(folder: Path, *options: str) -> list[str]:
    """Return the command line of a demo."""
    return [sys.executable, "-m", "simulator", "demo", "--dir", str(folder), *options]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something outside this process that gives no sign when it has happened."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@cache
def _prepared() -> Path:
    parent = Path(tempfile.mkdtemp(prefix="demo-tests-"))
    atexit.register(shutil.rmtree, parent, ignore_errors=True)
    folder = parent / "demo"
    folder.mkdir()
    with demo(folder) as first:
        assert "第一次启动" in first.output
        assert first.end() == 0
    return folder


def _processes() -> Iterator[tuple[int, list[str]]]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield int(path.parent.name), path.read_text(errors="replace").split("\0")
