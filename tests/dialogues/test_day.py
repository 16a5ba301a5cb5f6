"""A day of the office from the question to the close-out, in one script."""

from datetime import timedelta

from tests.support.office import Desk, Office


def test_a_day(office: Office, linxian: Desk, fangshan: Desk, desk: Desk, leader: Desk) -> None:
    # A contact asks, and is told what the document says and what the office entered.
    assert "【第11条】" in linxian.says("八一走访慰问是怎么要求的？")
    assert "临县" in linxian.says("第11条谁负责？")

    # A report in one sentence, then a slip of the finger is corrected.
    assert "已记录：第11条 八一走访慰问（临县）" in linxian.says(
        "第11条 已完成，走访部队5个，慰问金24万元"
    )
    assert "走访部队 6 个；慰问金 24 万元" in linxian.says("更正 走访部队6个")

    # The reminder that is due finds only those who have not answered.
    office.pass_time(office.clock.now() + timedelta(days=5), step=timedelta(hours=1))
    assert any(message.startswith("【八一·报结果】") for message in fangshan.hears())
    assert not any("报结果" in message for message in linxian.hears())

    # The office sees who is silent and chases exactly those.
    assert "报1/38" in desk.says("汇总")
    answer = desk.says("催办 第11条")
    assert "方山县" in answer
    office.act()
    assert any(message.startswith("【催办 第1次】") for message in fangshan.hears())
    assert linxian.hears() == []

    # The chased unit answers; the office returns it, and gets it back complete.
    assert "推进中（60%）" in fangshan.says("第11条 完成60%，预计8月4日前完成")
    assert "已完成" in fangshan.says("第11条 已完成")
    assert "已退回" in desk.says("退回 第11条 方山县 没有写慰问金")
    office.act()
    assert any("没有写慰问金" in message for message in fangshan.hears())
    assert "慰问金 8 万元" in fangshan.says("第11条 已完成，走访部队2个，慰问金8万元")

    # Both are closed; the units hear of it, the leader sees it.
    for unit, person in (("临县", linxian), ("方山县", fangshan)):
        assert "已销号" in desk.says(f"销号 第11条 {unit}")
        office.act()
        assert any("【销号通知】" in message for message in person.hears())
    assert "完成2，销号2" in leader.says("汇总")


def test_three_deliveries_of_one_message_are_booked_once(
    office: Office, linxian: Desk, desk: Desk
) -> None:
    first = linxian.says("第11条 已完成，走访部队5个")
    again = office.wecom.redeliver(2)
    assert [delivery.text for delivery in again] == [first, first]
    linxian.says("撤回")
    assert "已报 0" in desk.says("第11条 汇总")
