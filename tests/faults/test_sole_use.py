"""Two `serve` on one SQLite file: the second one says why it does not start."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator.harness import Simulator
from simulator.people import Person
from tests.support import databases
from tests.support.process import PROJECT, BotProcess, own_environment

pytestmark = pytest.mark.slow


def command(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "--config", str(config), *words],
        env=own_environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_a_second_serve_is_refused_and_a_dead_one_is_in_nobodys_way(tmp_path: Path) -> None:
    url = databases.url("sqlite", tmp_path)
    with (
        Simulator([Person("u1", "联一", "单位一", "联络员")]) as simulator,
        BotProcess(tmp_path, url, simulator.settings()) as bot,
    ):
        bot.start()
        config = tmp_path / "config.toml"
        second = command(config, "serve")
        assert (second.returncode, second.stdout) == (1, "")
        [sentence] = second.stderr.splitlines()
        assert sentence.startswith(f"数据库 {url.removeprefix('sqlite:///')} 正由另一个 serve")
        assert f"（进程号 {bot.pid}）" in sentence
        assert command(config, "say", "u1", "你好").returncode == 0
        bot.kill()
        bot.start()
        assert bot.stop() == 0
