"""What the terminal shows when the demo runs."""

from simulator.greeting import greeting
from tests.simulator.company import START

PAGES = {"聊天页": "http://127.0.0.1:8100/", "管理台": "http://127.0.0.1:8101/console/"}


def test_it_names_the_moment_and_the_pages() -> None:
    lines = greeting(START, PAGES, "").splitlines()
    assert lines[1] == "双拥通演示已启动，现在是 2021年07月28日 09:00（模拟时间）。"
    assert "  聊天页：http://127.0.0.1:8100/" in lines
    assert "  管理台：http://127.0.0.1:8101/console/" in lines
    assert not any("ssh" in line for line in lines)


def test_on_a_remote_machine_it_says_how_to_reach_the_pages() -> None:
    lines = greeting(START, PAGES, "192.0.2.7 51000 198.51.100.4 22").splitlines()
    tunnel = "  ssh -N -L 8100:127.0.0.1:8100 -L 8101:127.0.0.1:8101 198.51.100.4"
    assert tunnel in lines
