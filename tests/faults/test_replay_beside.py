"""`bot inbox` as a process of its own, also beside a bot that serves a crowd."""

import subprocess
import sys
from collections import Counter

import pytest

from bot.app import Bot
from bot.clock import Clock
from bot.settings import DatabasePart, Settings
from simulator.harness import Simulator
from simulator.inbound import Writer
from tests.support.broken import fail
from tests.support.crowd import Crowd
from tests.support.process import PROJECT, BotProcess, own_environment
from tests.support.town import booked, looking_at

pytestmark = pytest.mark.slow
REPORTS = [f"第5条 推进中，走访{number}户" for number in range(1, 4)]


def fail_all(url: str, simulator: Simulator) -> None:
    """Let three contacts report to a bot with a bug, and one send what nobody can read."""
    bot = Bot(Settings(database=DatabasePart(url=url)))
    writer = Writer(simulator.corp)
    try:
        for number, report in enumerate(REPORTS, start=1):
            fail(bot, writer.message(f"u{number}", Clock().now(), "text", {"Content": report}))
    finally:
        bot.close()


def inbox(bot: BotProcess, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `bot inbox` with these arguments."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "--config", str(bot.config), "inbox", *arguments],
        capture_output=True,
        text=True,
        env=own_environment(),
        cwd=PROJECT,
        check=False,
    )


def test_the_office_lists_and_replays_beside_a_busy_bot(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    fail_all(url, simulator)
    listed = inbox(bot, "list")
    assert listed.returncode == 0
    first, second, third, total = listed.stdout.splitlines()
    assert first.endswith("第5条 推进中，走访1户")
    assert "联1（单位1）" in first
    assert total == "共 3 条等待补办。"
    bot.start()
    crowd = Crowd(simulator)
    with crowd.reporting(20):
        done = inbox(bot, "replay", second.split()[0])
        assert done.stdout.splitlines() == [f"{second}：已补办，答复已交发送"]
        rest = inbox(bot, "replay")
        assert rest.stdout.splitlines() == [
            f"{line}：已补办，答复已交发送" for line in (first, third)
        ]
        assert (done.returncode, rest.returncode) == (0, 0), done.stderr + rest.stderr
        answered = [simulator.wait_for_pushes(f"u{number}", 1, 20) for number in (1, 2, 3)]
        bot.kill()
    assert all("现已处理：\n已记录：第5条" in texts[-1] for texts in answered)
    times = booked(url)
    assert [times[report] for report in REPORTS] == [1, 1, 1]
    assert all(times[text] == 1 for text in crowd.acknowledged)


def test_mistakes_and_failures_are_one_sentence(
    url: str, wecom: tuple[Simulator, BotProcess]
) -> None:
    simulator, bot = wecom
    nothing = inbox(bot, "replay")
    assert (nothing.returncode, nothing.stdout) == (0, "没有等待补办的消息。\n")
    fail_all(url, simulator)
    unknown = inbox(bot, "replay", "999")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "没有编号为 999 的待补办消息，请先用 inbox list 查看。\n"
    with looking_at(url) as database:
        database.run(
            lambda session: session.connection().exec_driver_sql(
                "UPDATE inbox SET plaintext = CAST('no xml' AS {}) WHERE id = 2".format(
                    "BLOB" if database.embedded else "BYTEA"
                )
            )
        )
    half = inbox(bot, "replay")
    assert half.returncode == 1
    assert half.stdout.count("已补办") == 2
    assert "还有 1 条没能处理（2），原文仍在。" in half.stderr
    assert booked(url) == Counter([REPORTS[0], REPORTS[2]])
