"""`make demo`: a WeCom and the bot on this machine, with sample people and a time machine."""

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from simulator import store
from simulator.clock import RunningClock
from simulator.control import TimeError
from simulator.crypto import EnvelopeError
from simulator.folder import Folder, corp_of, locked, write_config
from simulator.harness import Simulator
from simulator.moments import START
from simulator.people import read_roster
from simulator.ports import free_port
from simulator.server import HOST
from simulator.supervisor import BotFailed, Supervisor, own_environment

PROJECT = Path(__file__).parents[1]
DATA = PROJECT / "data"
IMPORTS = (
    ("plan", "work-points-2021.txt"),
    ("roster", "roster-sample.csv"),
    ("assignments", "assignments-sample.csv"),
)
SAVE_SECONDS = 3.0
PAUSE_SECONDS = 2.0
"""Three deliveries with this pause outlast a restart of the bot."""


class DemoFailed(Exception):
    """The demo cannot run; the message is one Chinese sentence."""


def run(directory: Path, port: int, bot_port: int) -> None:
    """Run the demo until Ctrl-C; DemoFailed and other one-sentence errors when it cannot."""
    # However the demo is ended, the bot must be ended with it.
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.default_int_handler)
    folder = Folder(directory.resolve())
    with locked(folder) as address:
        _run(folder, address, port, bot_port)


def _run(folder: Folder, address: TextIO, port: int, bot_port: int) -> None:
    saved = store.load(folder.state)
    clock = _clock(folder, saved)
    bot_port = free_port(bot_port)
    supervisor = _supervisor(folder, bot_port, clock)
    wecom = _simulator(folder, clock, supervisor, free_port(port, taken=bot_port))
    _recall(folder, wecom, saved)
    wecom.connect(f"http://{HOST}:{bot_port}/wecom/callback")
    _prepare(folder, wecom, bot_port)
    with wecom, _running(supervisor), _saving(folder, wecom):
        print(f"{wecom.base_url}/", end="", file=address, flush=True)
        _greet(wecom, bot_port)
        _wait_for_the_end()
        _say("正在停止……")


def _simulator(folder: Folder, clock: RunningClock, supervisor: Supervisor, port: int) -> Simulator:
    roster = read_roster(DATA / "roster-sample.csv")
    corp = corp_of(folder)
    move = _mover(supervisor)
    try:
        return Simulator(roster, clock=clock, corp=corp, port=port, move=move, pause=PAUSE_SECONDS)
    except EnvelopeError:
        raise store.damaged(folder.secrets) from None


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


def _supervisor(folder: Folder, bot_port: int, clock: RunningClock) -> Supervisor:
    return Supervisor(
        _bot(folder, "serve"),
        ready_url=f"http://{HOST}:{bot_port}/readyz",
        log=folder.log,
        clock=clock,
        tell=_say,
        directory=PROJECT,
    )


def _mover(supervisor: Supervisor) -> Callable[[datetime], None]:
    def move(at: datetime) -> None:
        try:
            supervisor.move(at)
        except BotFailed as error:
            raise TimeError(str(error)) from None

    return move


def _prepare(folder: Folder, wecom: Simulator, bot_port: int) -> None:
    write_config(folder, wecom.settings(), bot_port)
    complete = folder.loaded.exists() and folder.database.exists()
    _bot_does(folder, "init")
    if complete:
        return
    _say("第一次启动：正在装入 2021 年工作要点、样例名册和分工……")
    for kind, name in IMPORTS:
        _bot_does(folder, "import", kind, str(DATA / name))
    folder.loaded.touch()


def _bot(folder: Folder, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", "--config", str(folder.config), *arguments]


def _bot_does(folder: Folder, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        _bot(folder, *arguments),
        cwd=PROJECT,
        env=own_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if line.strip()]
        reason = words[-1] if words else f"代码 {done.returncode}"
        raise DemoFailed(f"机器人的 {' '.join(arguments[:2])} 没有成功：{reason}")


@contextlib.contextmanager
def _running(supervisor: Supervisor) -> Iterator[None]:
    try:
        supervisor.start()
        yield
    finally:
        supervisor.stop()


@contextlib.contextmanager
def _saving(folder: Folder, wecom: Simulator) -> Iterator[None]:
    ended = threading.Event()

    def keep_saving() -> None:
        while not ended.wait(SAVE_SECONDS):
            store.save(folder.state, wecom.world.dump())

    saver = threading.Thread(target=keep_saving, name="saver", daemon=True)
    saver.start()
    try:
        yield
    finally:
        ended.set()
        saver.join()
        store.save(folder.state, wecom.world.dump())


def _greet(wecom: Simulator, bot_port: int) -> None:
    _say(
        f"""
双拥通演示已启动，现在是 {wecom.clock.now():%Y年%m月%d日 %H:%M}（模拟时间）。

  聊天页：{wecom.base_url}/
  管理台：http://{HOST}:{bot_port}/console/

可以这样试：
  1. 选一位联络员，发送“我的任务”，再发送“第11条 已完成，走访部队5个，慰问金24万元”。
  2. 换成双拥办的人，发送“汇总”或“催办 第11条”。
  3. 点右上角的时间，跳到“八一前 14 天”，看谁收到了提醒。

按 Ctrl-C 停止；下次启动接着这里继续。
"""
    )


def _wait_for_the_end() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)


def _say(line: str) -> None:
    print(line, flush=True)
