"""The bot as a real process: started, killed, stopped in order."""

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import requests

from bot.faultpoints import VARIABLE
from simulator.ports import free_port
from tests.support.warm import WarmProcess, warm

PROJECT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds for a start on a busy machine."""
OUR_PORTS = (20000, 32000)
"""The system takes none of these for a connection, so that a restart finds its port free."""


def write_config(file: Path, **parts: Mapping[str, object]) -> Path:
    """Write a config.toml of these sections and return its path."""
    lines: list[str] = []
    for name, values in parts.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def own_environment(**more: str) -> dict[str, str]:
    """Return the environment without settings of the bot that the machine may carry."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return {**kept, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8", **more}


class BotProcess:
    """`python -m bot serve` with its own folder, log and port; one at a time."""

    def __init__(self, folder: Path, url: str, wecom: Mapping[str, object]) -> None:
        self._log = folder / "bot.log"
        self._port = free_port(random.randrange(*OUR_PORTS))
        self._process: WarmProcess | None = None
        self.config = write_config(
            folder / "config.toml",
            wecom=wecom,
            database={"url": url},
            server={"port": self._port, "threads": 8},
            schedule={"pulse_seconds": 0.1},
            log={"level": "WARNING"},
        )

    @property
    def callback(self) -> str:
        """Where WeCom calls it."""
        return f"http://127.0.0.1:{self._port}/wecom/callback"

    @property
    def pid(self) -> int:
        """The number of the running process."""
        assert self._process is not None
        return self._process.pid

    def start(self, *arguments: str) -> None:
        """Start it and wait until it takes callbacks."""
        self._start(arguments)
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until it takes callbacks."""
        wait_for(self._is_ready)

    def start_to_die(self, point: str, *arguments: str) -> None:
        """Start it; it will kill itself at `point`, for example `claim.taken:2`."""
        self._start(arguments, **{VARIABLE: point})

    def wait_for_death(self) -> None:
        """Wait until it has killed itself; any other end fails."""
        process = self._process
        assert process is not None
        wait_for(lambda: process.poll() is not None)
        assert process.poll() == -signal.SIGKILL, self.says
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it in order and return its exit code."""
        return self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            self.kill()

    def stop_impatiently(self, signals: int) -> int:
        """Ask it many times at once to end in order, and return its exit code."""
        assert self._process is not None
        for _ in range(signals):
            self._process.send_signal(signal.SIGTERM)
        return self._end(signal.SIGTERM)

    @property
    def says(self) -> str:
        """The end of its log."""
        return self._log.read_text(encoding="utf-8")[-3000:]

    def _start(self, arguments: tuple[str, ...], **more: str) -> None:
        command = ["--config", str(self.config), "serve", *arguments]
        self._process = warm().start(command, own_environment(**more), self._log)

    def _end(self, number: signal.Signals) -> int:
        process = self._process
        assert process is not None
        process.send_signal(number)
        try:
            wait_for(lambda: process.poll() is not None, 30)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                wait_for(lambda: process.poll() is not None, 30)
            self._process = None
        code = process.poll()
        assert code is not None
        return code

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.says
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(self.callback.replace("/wecom/callback", "/readyz")).ok
        except requests.ConnectionError:
            return False


def wait_for(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is true; fail when it takes too long."""
    last, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < last, f"not within {seconds:.0f} seconds"
        pause.wait(0.02)
