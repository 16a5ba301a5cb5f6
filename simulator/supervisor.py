"""Keeps the bot running with the right clock: starts it, moves it in time, wakes it again."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import requests

from simulator.bot_program import BotFailed, last_sentence, own_environment
from simulator.clock import Clock
from simulator.tether import tethered

READY_SECONDS = 90.0
STOP_SECONDS = 15.0
LOOK_SECONDS = 0.5
QUICK_DEATH_SECONDS = 10.0
MAX_QUICK_DEATHS = 5


class Supervisor:
    """Runs `command --start-at MOMENT` and restarts it when it dies.

    `ready_url` answers 200 when the bot takes callbacks. `tell` gets each line for the terminal.
    The command is run in `directory`, the checkout, and ends when this process does.
    """

    def __init__(
        self,
        command: Sequence[str],
        ready_url: str,
        log: Path,
        clock: Clock,
        tell: Callable[[str], None],
        directory: Path,
    ) -> None:
        self._command = tuple(command)
        self._directory = directory
        self._ready_url = ready_url
        self._log = log
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()
        self._bot: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._log_before = 0
        self._quick_deaths = 0
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Start the bot at the clock's moment and wait until it is ready; BotFailed if it isn't."""
        with self._lock:
            self._launch()
        self._watcher.start()

    def stop(self) -> None:
        """End the bot."""
        self._stopping.set()
        with self._lock:
            self._end()
        # Not before: the thread that last woke the bot would take it along (simulator.tether).
        self._ended.set()

    def move(self, at: datetime) -> None:
        """Stop the bot, move the clock, start the bot at the new moment."""
        with self._lock:
            self._end()
            self._clock.set(at)
            self._quick_deaths = 0
            self._launch()

    def _launch(self) -> None:
        moment = self._clock.now().isoformat(timespec="seconds")
        with self._log.open("ab") as log:
            self._log_before = log.tell()
            self._bot = subprocess.Popen(  # noqa: S603 - our own command
                tethered([*self._command, "--start-at", moment]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=own_environment(),
                cwd=self._directory,
                # Ctrl-C in the terminal is for the demo; the bot is then stopped in order.
                start_new_session=True,
            )
        self._started = time.monotonic()
        self._wait_until_ready(self._bot)

    def _wait_until_ready(self, bot: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if bot.poll() is not None:
                raise BotFailed(f"机器人没有启动：{self._last_words()}（日志见 {self._log}）")
            if self._stopping.is_set():
                raise BotFailed("演示正在停止。")
            if time.monotonic() > deadline:
                self._end()
                raise BotFailed(
                    f"机器人 {READY_SECONDS:.0f} 秒内没有就绪，请查看日志 {self._log}。"
                )
            self._stopping.wait(0.1)

    def _is_ready(self) -> bool:
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(self._ready_url, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_before)
            return last_sentence(log.read()) or "没有说明原因"

    def _end(self) -> None:
        bot, self._bot = self._bot, None
        if bot is None or bot.poll() is not None:
            return
        bot.send_signal(signal.SIGTERM)
        try:
            bot.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            bot.kill()
            bot.wait()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            with self._lock:
                if self._bot is not None and self._bot.poll() is not None:
                    self._wake(self._bot.returncode)

    def _wake(self, code: int) -> None:
        quick = time.monotonic() - self._started < QUICK_DEATH_SECONDS
        self._quick_deaths = self._quick_deaths + 1 if quick else 0
        if self._stopping.is_set():
            return
        if self._quick_deaths >= MAX_QUICK_DEATHS:
            self._bot = None
            self._tell(f"机器人连续退出 {MAX_QUICK_DEATHS} 次，不再重启；日志见 {self._log}。")
            return
        self._tell(f"机器人意外退出（代码 {code}），正在按同一时间重新启动……")
        try:
            self._launch()
        except BotFailed as error:
            self._tell(str(error))
