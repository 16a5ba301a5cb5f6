"""`make demo`, the real thing: it starts anywhere, survives accidents, leaves nothing."""

import os
import signal
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from simulator.clock import SHANGHAI
from tests.support.demo import Demo, demo, failing_demo, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]
REPORT = "第11条 已完成，走访部队5个，慰问金24万元"
BOOKED = "第11条 八一走访慰问（临县）"
AFTER = datetime(2021, 8, 2, 15, 30, tzinfo=SHANGHAI)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Demo]:
    with demo(tmp_path / "双拥 演示") as one:
        yield one


def is_at(one: Demo, moment: datetime) -> bool:
    return timedelta(0) <= one.now() - moment < timedelta(minutes=3)


def test_every_printed_address_answers(running: Demo) -> None:
    assert running.addresses
    for address in running.addresses:
        answer = requests.get(address, timeout=10, allow_redirects=False)
        assert answer.status_code < 400, address


def test_a_second_demo_in_the_folder_is_led_to_the_first(running: Demo) -> None:
    second = failing_demo(running.folder)
    assert second.returncode == 1
    assert second.stderr == f"演示已经在运行，聊天页：{running.url}\n"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_next_start_goes_on_where_the_last_one_stopped(
    tmp_path: Path, ending: signal.Signals
) -> None:
    with demo(tmp_path / "demo") as first:
        assert BOOKED in first.say("linxian", REPORT)
        first.move(AFTER)
        assert first.end(ending) == 0
        assert "正在停止" in first.output
        assert first.bots() == []
    with demo(tmp_path / "demo") as second:
        assert "第一次启动" not in second.output
        assert is_at(second, AFTER)
        assert second.texts("linxian")[0] == REPORT
        assert "🔵 临县·八一走访慰问：已完成" in second.say("bangongshi", "第11条 汇总")


def test_a_first_start_that_was_broken_off_is_made_up_for(tmp_path: Path) -> None:
    broken = Demo(tmp_path)
    try:
        broken.wait_for("第一次启动")
        assert broken.end() == 130
        assert "Traceback" not in broken.output
    finally:
        broken.close()
    with demo(tmp_path) as second:
        assert "已记录" in second.say("linxian", REPORT)


def test_a_killed_bot_is_woken_at_the_same_time_of_the_story(running: Demo) -> None:
    running.move(AFTER)
    running.say("linxian", REPORT)
    (bot,) = running.bots()
    os.kill(bot, signal.SIGKILL)
    # WeCom delivers three times, and the second or third time the bot is back.
    summary = running.say("bangongshi", "汇总")
    assert "（8月2日 15:3" in summary
    assert "已报 1" in summary
    assert "机器人意外退出" in running.output
    assert running.bots() != [bot]
    assert running.end() == 0
    last = (running.folder / "bot.log").read_text(encoding="utf-8").splitlines()[-1]
    assert last.endswith("stopping"), "the woken bot was not stopped in order"


def test_a_killed_demo_takes_the_bot_with_it_and_loses_nothing(tmp_path: Path) -> None:
    with demo(tmp_path / "demo") as first:
        first.move(AFTER)
        answer = first.say("linxian", REPORT)
        saved = first.folder / "simulator.json"
        wait_until(lambda: BOOKED in saved.read_text(encoding="utf-8"), "nothing was saved")
        assert len(first.bots()) == 1
        first.end(signal.SIGKILL)
        wait_until(lambda: first.bots() == [], "the bot was left behind")
    with demo(tmp_path / "demo") as second:
        assert is_at(second, AFTER)
        assert second.texts("linxian") == [REPORT, answer]
        assert "已报 1" in second.say("bangongshi", "汇总")


def test_a_bot_woken_after_a_jump_still_ends_with_the_demo(tmp_path: Path) -> None:
    """Started by another thread each time: the kernel's signal is for the thread's end."""
    with demo(tmp_path / "demo") as one:
        one.move(AFTER)
        (bot,) = one.bots()
        os.kill(bot, signal.SIGKILL)
        one.wait_for("机器人意外退出")
        one.say("linxian", "帮助")
        one.end(signal.SIGKILL)
        wait_until(lambda: one.bots() == [], "the bot was left behind")


def test_busy_ports_give_way_and_are_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as page, socket.create_server(("", 0)) as bot:
        taken = [str(one.getsockname()[1]) for one in (page, bot)]
        with demo(tmp_path / "demo", "--port", taken[0], "--bot-port", taken[1]) as one:
            for port in taken:
                assert f"端口 {port} 不能用（可能被别的程序占用），改用 " in one.output
            assert requests.get(one.url, timeout=10).ok
            assert one.say("linxian", "帮助")


def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = failing_demo(tmp_path / "file" / "demo")
    assert failed.returncode == 1
    assert failed.stderr.startswith(f"演示数据写不进 {tmp_path}/file/demo：路径中有一段不是目录。")
    assert failed.stderr.count("\n") == 1


def test_a_folder_where_nobody_may_write_is_named() -> None:
    failed = failing_demo(Path("/sys/demo"))
    assert failed.returncode == 1
    assert failed.stderr.startswith("演示数据写不进 /sys/demo：")
    assert failed.stderr.count("\n") == 1


def test_a_bot_that_cannot_start_says_why_itself(tmp_path: Path) -> None:
    (tmp_path / "bot.db").mkdir()
    failed = failing_demo(tmp_path, "--port", "0", "--bot-port", "0")
    assert failed.returncode == 1
    assert failed.stderr.startswith("机器人的 init 没有成功：连不上数据库，")
    assert failed.stderr.count("\n") == 1


def test_a_damaged_database_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(os.urandom(8192))
    failed = failing_demo(tmp_path, "--port", "0", "--bot-port", "0")
    assert failed.returncode == 1
    assert failed.stderr.startswith("机器人的 init 没有成功：")
    assert failed.stderr.count("\n") == 1


def test_a_terminal_without_chinese_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    failed = failing_demo(tmp_path / "file" / "demo")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
