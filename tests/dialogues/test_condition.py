"""运行情况: how the bot is, for those who may know."""

from datetime import timedelta

import pytest

from bot.scheduling.heart import Heart
from simulator.faults import Effect
from tests.support.office import Desk, Office

WRONG_SECRET = 40001
AUDIT = timedelta(minutes=10)


@pytest.fixture
def heart(office: Office) -> Heart:
    """The sign of life of the worker that sends; the dialogue goes through another process."""
    heart = office.bot.heart(office.delivery)
    heart.start()
    return heart


def test_all_is_well(office: Office, desk: Desk, heart: Heart) -> None:
    office.clock.advance(AUDIT)
    office.act()
    answer = desk.says("运行情况")
    assert answer.splitlines() == [
        "【运行情况】7月28日 09:40",
        "发送：正常",
        "待发：没有到点未发的消息",
        "后台进程：1 个在运行",
        "自查：7月28日 09:40，没有发现问题",
    ]
    heart.stop()
    assert "后台进程：没有在运行" in desk.says("运行情况")


@pytest.mark.parametrize("userid", ["linxian", "lingdao", "luren"])
def test_others_are_not_told(office: Office, userid: str) -> None:
    answer = office.person(userid).says("运行情况")
    assert "后台进程" not in answer
    assert "联系" in answer


def test_what_did_not_arrive_and_what_waits_is_shown(office: Office, desk: Desk) -> None:
    office.wecom.world.members.remove("fangshan")
    desk.says("催办 第11条")
    office.clock.advance(AUDIT)
    waiting = desk.says("运行情况")
    assert "条到点未发，最早的已等 10 分钟" in waiting
    office.act()
    shown = desk.says("运行情况")
    assert "近七天没有送达的消息：" in shown
    assert "账号 fangshan）：第11条催办。企业微信没有送达此人" in shown
    assert "待发：没有到点未发的消息" in shown


def test_a_wrong_secret_is_seen_at_once_in_chat_and_told_when_it_is_over(
    office: Office, desk: Desk, leader: Desk, heart: Heart
) -> None:
    desk.says("催办 第11条")
    office.wecom.faults.set("gettoken", Effect.ERRCODE, WRONG_SECRET, times=None)
    office.delivery.drain()
    heart.beat()
    for person, words in ((desk, "运行情况"), (desk, "汇总"), (leader, "汇总")):
        assert "自7月28日 09:30起发不出消息：应用的 Secret 不正确" in person.says(words)
    assert "发不出" not in office.person("linxian").says("我的任务")

    office.clock.advance(timedelta(minutes=25))
    office.wecom.faults.clear()
    restarted = office.bot.delivery()
    office.delivery = restarted
    heart.stop()
    office.bot.heart(restarted).start()
    office.act()
    assert office.person("fangshan").hears()
    assert "发送：正常" in desk.says("运行情况")
    office.clock.advance(AUDIT)
    office.act()
    told = "".join(desk.hears())
    assert "以下时间发不出消息，现已恢复" in told
    assert "· 7月28日 09:30至7月28日 09:55：应用的 Secret 不正确" in told
