"""The bot as a real process: started, killed, stopped in order."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import requests

from simulator.ports import free_port

PROJECT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds for a start on a busy machine."""


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
        self._port = free_port(0)
        self._process: subprocess.Popen[bytes] | None = None
        self._config = write_config(
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
        command = [sys.executable, "-m", "bot", "--config", str(self._config), "serve", *arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, env=own_environment(), cwd=PROJECT
            )
        wait_for(self._is_ready)

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

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        try:
            return self._process.wait(timeout=30)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text(encoding="utf-8")[-3000:]
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
