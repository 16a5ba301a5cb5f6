"""The time machine restarts the bot at the new moment, and wakes it when it dies."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from simulator.bot_program import BotFailed
from simulator.clock import StandingClock
from simulator.ports import free_port
from simulator.supervisor import Supervisor
from tests.simulator.company import START

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[2]


@dataclass
class Scene:
    """A supervisor, its clock, and what the terminal showed."""

    folder: Path
    port: int = field(default_factory=lambda: free_port(0))
    clock: StandingClock = field(default_factory=lambda: StandingClock(START))
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        command = ["-m", "tests.simulator.standin", str(self.port), str(self.diary)]
        self.supervisor = Supervisor(
            [sys.executable, *command],
            ready_url=f"http://127.0.0.1:{self.port}/readyz",
            log=self.folder / "bot.log",
            clock=self.clock,
            tell=self.lines.append,
            directory=PROJECT,
        )

    @property
    def diary(self) -> Path:
        return self.folder / "diary"

    def starts(self) -> list[str]:
        return self.diary.read_text(encoding="utf-8").split()

    def wait_for_starts(self, count: int) -> None:
        deadline = time.monotonic() + 20
        while len(self.starts()) < count:
            assert time.monotonic() < deadline, self.lines
            time.sleep(0.05)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.supervisor.stop()


def test_a_move_in_time_is_a_start_at_the_new_moment(scene: Scene) -> None:
    scene.supervisor.start()
    scene.supervisor.move(START + timedelta(days=14))
    assert scene.starts() == ["2021-07-28T09:00:00+08:00", "2021-08-11T09:00:00+08:00"]
    assert scene.clock.now() == START + timedelta(days=14)


def test_a_dead_bot_is_woken_at_the_same_clock(scene: Scene) -> None:
    scene.supervisor.start()
    scene.clock.set(START + timedelta(hours=2))
    with contextlib.suppress(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{scene.port}/die", timeout=5)
    scene.wait_for_starts(2)
    assert scene.starts()[-1] == "2021-07-28T11:00:00+08:00"
    assert "意外退出（代码 7）" in scene.lines[0]


def test_a_bot_that_does_not_start_is_explained(scene: Scene) -> None:
    (scene.folder / "sick").touch()
    with pytest.raises(BotFailed, match="数据库打不开"):
        scene.supervisor.start()


def test_nothing_is_left_running(scene: Scene) -> None:
    scene.supervisor.start()
    scene.supervisor.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{scene.port}/", timeout=1)
