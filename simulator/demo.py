"""`make demo`: a WeCom and the bot on this machine, with sample people and a time machine."""

import contextlib
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import requests

from simulator import store
from simulator.bot_program import PROJECT, BotFailed, BotProgram
from simulator.clock import RunningClock
from simulator.control import TimeError
from simulator.crypto import EnvelopeError
from simulator.endings import listen_for_the_end
from simulator.folder import Folder, corp_of, locked, usable, write_config
from simulator.greeting import greeting
from simulator.harness import Simulator
from simulator.moments import START
from simulator.people import read_roster
from simulator.ports import free_port
from simulator.saver import Saver
from simulator.server import HOST
from simulator.supervisor import Supervisor

DATA = PROJECT / "data"
IMPORTS = (
    ("plan", "work-points-2021.txt"),
    ("roster", "roster-sample.csv"),
    ("assignments", "assignments-sample.csv"),
)
PAUSE_SECONDS = 2.0
"""Three deliveries with this pause outlast a restart of the bot."""


def run(directory: Path, port: int, bot_port: int) -> None:
    """Run the demo until Ctrl-C; one-sentence errors when it cannot.

    A port that is taken gives way to a free one; 0 is any.
    """
    # However the demo is ended, the bot must be ended with it.
    listen_for_the_end()
    folder = Folder(directory.resolve())
    with usable(folder), locked(folder) as address:
        bot_port = _port(bot_port)
        Demo(folder, _port(port, taken=bot_port), bot_port).run(address)


class Demo:
    """The parts of one demo, which goes on where the folder's last one stopped."""

    def __init__(self, folder: Folder, port: int, bot_port: int) -> None:
        self._folder = folder
        self._bot_port = bot_port
        self._bot = BotProgram(folder.config, folder.log)
        saved = store.load(folder.state)
        clock = _clock(folder, saved)
        self._supervisor = Supervisor(
            self._bot.command("serve"),
            ready_url=f"{self._bot_url}/readyz",
            log=folder.log,
            clock=clock,
            tell=_say,
            directory=PROJECT,
        )
        self._wecom = self._simulator(clock, port)
        _recall(folder, self._wecom, saved)
        self._saver = Saver(folder.state, self._wecom.world, _say)

    def run(self, address: TextIO) -> None:
        """Run until the end is asked for; `address` gets that of the chat page."""
        self._wecom.connect(f"{self._bot_url}/wecom/callback")
        self._prepare()
        with self._wecom, self._supervised(), self._saver.running():
            print(f"{self._wecom.base_url}/", end="", file=address, flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                self._greet()
                threading.Event().wait()
            _say("正在停止……")

    def _greet(self) -> None:
        connection = os.environ.get("SSH_CONNECTION", "")
        _say(greeting(self._wecom.clock.now(), self._pages(), connection))

    @property
    def _bot_url(self) -> str:
        return f"http://{HOST}:{self._bot_port}"

    def _simulator(self, clock: RunningClock, port: int) -> Simulator:
        roster = read_roster(DATA / "roster-sample.csv")
        corp = corp_of(self._folder)
        try:
            return Simulator(
                roster, clock=clock, corp=corp, port=port, move=self._move, pause=PAUSE_SECONDS
            )
        except EnvelopeError:
            raise store.damaged(self._folder.secrets) from None

    def _move(self, at: datetime) -> None:
        try:
            self._supervisor.move(at)
        except BotFailed as error:
            raise TimeError(str(error)) from None
        finally:
            self._saver.save()

    def _prepare(self) -> None:
        # This WeCom shows cards, so that they can be seen; the bot by itself leaves them off.
        write_config(self._folder, {**self._wecom.settings(), "cards": True}, self._bot_port)
        complete = self._folder.loaded.exists() and self._folder.database.exists()
        if not complete:
            _say("第一次启动：正在装入 2021 年工作要点、样例名册和分工……")
        self._bot.run("init")
        if complete:
            return
        for kind, name in IMPORTS:
            self._bot.run("import", kind, str(DATA / name))
        self._folder.loaded.touch()

    @contextlib.contextmanager
    def _supervised(self) -> Iterator[None]:
        try:
            self._supervisor.start()
            yield
        finally:
            self._supervisor.stop()

    def _pages(self) -> dict[str, str]:
        pages = {"聊天页": f"{self._wecom.base_url}/", "管理台": f"{self._bot_url}/console/"}
        return {name: url for name, url in pages.items() if _answers(url)}


def _port(wanted: int, taken: int = 0) -> int:
    port = free_port(wanted, taken)
    if wanted not in {0, port}:
        _say(f"端口 {wanted} 不能用（可能被别的程序占用），改用 {port}。")
    return port


def _clock(folder: Folder, saved: dict[str, Any] | None) -> RunningClock:
    if saved is None:
        return RunningClock(START)
    try:
        return RunningClock(datetime.fromisoformat(saved["moment"]))
    except (KeyError, ValueError, TypeError):
        raise store.damaged(folder.state) from None


def _recall(folder: Folder, wecom: Simulator, saved: dict[str, Any] | None) -> None:
    if saved is None:
        return
    try:
        wecom.world.load(saved)
    except (AttributeError, KeyError, ValueError, TypeError):
        raise store.damaged(folder.state) from None


def _answers(url: str) -> bool:
    """Whether there is a page, though perhaps behind a login."""
    with requests.Session() as session, contextlib.suppress(requests.RequestException):
        session.trust_env = False
        return session.get(url, timeout=10, allow_redirects=False).status_code < 404
    return False


def _say(line: str) -> None:
    # Whoever read the lines may be gone; that is no reason to stop.
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)
