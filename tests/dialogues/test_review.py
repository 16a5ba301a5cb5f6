"""Decisions of the office: close-out and return, each with its trace."""

from bot.storage import audit
from tests.support.office import Desk, Office, lines


def test_a_report_is_closed_and_the_unit_is_told(office: Office, linxian: Desk, desk: Desk) -> None:
    linxian.says("第11条 已完成，走访部队5个")
    assert desk.says("销号 第11条 临县") == lines(
        "已销号：第11条 八一走访慰问（临县）", "已通知该单位联络员。"
    )
    office.act()
    assert "【销号通知】第11条 八一走访慰问（临县）" in "".join(linxian.hears())
    assert "已经销号" in desk.says("销号 第11条 临县")
    assert "已经销号，不能再改" in linxian.says("第11条 推进中")
    assert "已经销号，不能再改" in linxian.says("撤回")


def test_only_what_is_reported_as_done_can_be_closed(linxian: Desk, desk: Desk) -> None:
    assert "还没有填报第11条" in desk.says("销号 第11条 临县")
    linxian.says("第11条 推进中")
    assert "还没有报完成，不能销号" in desk.says("销号 第11条 临县")


def test_a_returned_report_comes_back_with_the_reason(
    office: Office, linxian: Desk, desk: Desk
) -> None:
    linxian.says("第11条 已完成，走访部队5个")
    assert desk.says("退回 第11条 临县 缺照片").splitlines()[1] == "原因：缺照片"
    office.act()
    assert "原因：缺照片" in "".join(linxian.hears())
    assert "↩️ 临县·八一走访慰问：已完成，已退回，待重报" in desk.says("第11条 汇总")
    assert "正在等该单位重新填报" in desk.says("退回 第11条 临县 缺照片")
    assert "已记录" in linxian.says("第11条 已完成，走访部队5个")
    assert "已销号" in desk.says("销号 第11条 临县")


def test_a_return_needs_a_reason_and_a_report(linxian: Desk, desk: Desk) -> None:
    assert "请写明退回原因" in desk.says("退回 第11条 临县")
    assert "还没有填报" in desk.says("退回 第11条 临县 缺照片")


def test_nobody_closes_their_own_report(office: Office) -> None:
    writer, colleague = office.person("bangongshi"), office.person("bangongshi2")
    writer.says("第18条 已完成")
    assert "不能由本人销号" in writer.says("销号 第18条 市双拥办")
    assert "已销号" in colleague.says("销号 第18条 双拥办")


def test_a_unit_that_does_not_exist_is_named_with_the_nearest(desk: Desk) -> None:
    assert "是不是“" in desk.says("销号 第11条 临先县")
    assert "请写明要点序号和单位" in desk.says("销号 临县")


def test_only_the_office_decides(linxian: Desk, leader: Desk, stranger: Desk) -> None:
    for person in (linxian, leader, stranger):
        assert "双拥办" in person.says("销号 第11条 临县")
        assert "双拥办" in person.says("退回 第11条 临县 缺照片")
        assert "双拥办" in person.says("催办 第11条")


def test_every_decision_leaves_who_when_and_why(office: Office, linxian: Desk, desk: Desk) -> None:
    linxian.says("第11条 已完成")
    desk.says("退回 第11条 临县 缺照片")
    linxian.says("第11条 已完成，走访部队5个")
    desk.says("销号 第11条 临县")
    with_subject = office.bot.database.read(
        lambda session: audit.of_subject(session, f"assignment:{office.assignment('临县', '八一')}")
    )
    assert [(row.actor, row.action, row.reason) for row in with_subject] == [
        ("linxian", "report.book", ""),
        ("bangongshi", "assignment.returned", "缺照片"),
        ("linxian", "report.book", ""),
        ("bangongshi", "assignment.closed", ""),
    ]
    assert all(row.at == office.clock.now() for row in with_subject)


def test_people_s_words_never_become_a_link(office: Office, linxian: Desk, desk: Desk) -> None:
    linxian.says("第11条 已完成")
    answer = desk.says('退回 第11条 临县 见<a href="http://evil.example">这里</a>，进度<50%')
    office.act()
    for text in (answer, *linxian.hears()):
        assert "<a" not in text
        assert "＜a" in text
        assert "进度<50%" in text
