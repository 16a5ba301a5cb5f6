"""Chasing and reminding: exactly those who have not answered, each once."""

from datetime import datetime, timedelta

from bot.clock import SHANGHAI
from tests.support.office import Desk, Office


def at(month: int, day: int, hour: int = 9, minute: int = 30, year: int = 2021) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def test_chasing_reaches_exactly_the_silent(
    office: Office, linxian: Desk, fangshan: Desk, desk: Desk
) -> None:
    linxian.says("第11条 已完成，走访部队5个")
    answer = desk.says("催办 第11条")
    assert "临县" not in answer.splitlines()[2]
    assert "方山县" in answer.splitlines()[2]
    office.act()
    assert linxian.hears() == []
    [message] = fangshan.hears()
    assert message.startswith("【催办 第1次】还没有收到贵单位第11条“八一走访慰问”的进展")


def test_who_answers_before_it_is_sent_is_not_asked(
    office: Office, fangshan: Desk, desk: Desk
) -> None:
    desk.says("催办 第11条")
    fangshan.says("第11条 推进中")
    office.act()
    assert fangshan.hears() == []


def test_a_second_round_is_another_message(office: Office, fangshan: Desk, desk: Desk) -> None:
    desk.says("催办 第11条")
    office.act()
    assert "（第 2 次）" in desk.says("催办 第11条")
    office.act()
    first, second = fangshan.hears()
    assert first.startswith("【催办 第1次】")
    assert second.startswith("【催办 第2次】")


def test_at_night_chasing_waits_for_the_morning(office: Office, fangshan: Desk, desk: Desk) -> None:
    office.clock.set(at(7, 28, 22))
    assert "将于2021年7月29日 08:04 发出" in desk.says("催办 第11条")
    office.act()
    assert fangshan.hears() == []
    office.clock.set(at(7, 29, 8, 4))
    office.act()
    assert len(fangshan.hears()) == 1


def test_when_everybody_has_answered_nobody_is_chased(office: Office, desk: Desk) -> None:
    office.person("bangongshi2").says("第17条 推进中")
    for userid in ("shiweiban", "bianban", "caizhengju", "junfenqu"):
        office.person(userid).says("第17条 推进中")
    assert "都已答复，不需要催办" in desk.says("催办 第17条")


def test_the_army_day_from_the_first_reminder_to_the_summary(
    office: Office, linxian: Desk, fangshan: Desk, desk: Desk
) -> None:
    """八一 2021 is a Sunday: -3 working days is Wednesday, +1 is Monday 08-02."""
    linxian.says("第11条 已完成，走访部队5个，慰问金24万元")
    office.pass_time(at(8, 6, 12))
    to_fangshan = [message.split("】")[0] for message in fangshan.hears()]
    assert to_fangshan == [
        "【八一·当天",
        "【八一·报结果",
        "【八一·催结果",
    ]
    assert [message.split("】")[0] for message in linxian.hears()] == ["【八一·当天"]
    [summary] = [message for message in desk.hears() if message.startswith("【八一·汇总】")]
    assert "临县·八一走访慰问：已完成" in summary


def test_the_spring_festival_by_the_lunar_calendar(office: Office, fangshan: Desk) -> None:
    """初一 of 2022 is 02-01; 腊月二十三 is 01-25; work starts again on 02-07."""
    office.clock.set(at(12, 16))
    office.act()
    fangshan.hears()
    office.pass_time(at(2, 14, 12, year=2022), step=timedelta(hours=3))
    stages = [message.split("】")[0] for message in fangshan.hears() if "春节·" in message]
    assert stages == [
        "【春节·报计划",
        "【春节·情系边海防",
        "【春节·催计划",
        "【春节·临近",
        "【春节·前三个工作日",
        "【春节·当天",
        "【春节·报结果",
        "【春节·催结果",
    ]


def test_a_deadline_is_recalled_until_the_unit_answers(office: Office) -> None:
    office.assign("17,起草意见,市财政局,,2021-09-10,印发文件")
    finance = office.person("caizhengju")
    office.clock.set(at(9, 6))
    office.act()
    finance.hears()
    office.pass_time(at(9, 13, 12))
    reminders = [message for message in finance.hears() if "起草意见" in message]
    assert ["还有 3 天到期" in reminders[0], "今天到期" in reminders[1]] == [True, True]
    assert "已逾期 3 天" in reminders[2]
    finance.says("第17条 起草意见已完成")
    office.pass_time(at(9, 24, 12), step=timedelta(hours=6))
    assert [message for message in finance.hears() if "起草意见" in message] == []


def test_nobody_is_reminded_twice_after_a_restart_of_the_jobs(
    office: Office, fangshan: Desk
) -> None:
    office.pass_time(at(8, 2, 12))
    before = fangshan.hears()
    office.runner = office.bot.runner()
    office.delivery = office.bot.delivery()
    office.act()
    assert before
    assert fangshan.hears() == []
