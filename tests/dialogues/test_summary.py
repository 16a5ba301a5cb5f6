"""汇总: the figures are those of the booked reports."""

from tests.support.office import Desk, Office


def test_the_summary_counts_what_was_reported(
    office: Office, linxian: Desk, fangshan: Desk, desk: Desk
) -> None:
    linxian.says("第11条 已完成，走访部队5个，慰问金24万元")
    fangshan.says("第11条 推进中 60%")
    desk.says("销号 第11条 临县")
    summary = desk.says("汇总")
    assert summary.splitlines()[0] == "《2021年吕梁市双拥工作要点》进度汇总（7月28日 09:30）"
    assert "已报 2，完成 1，销号 1，逾期 0，退回 0" in summary
    row = next(line for line in summary.splitlines() if line.startswith("第11条"))
    assert row.endswith("报2/38，完成1，销号1")


def test_one_point_by_unit(linxian: Desk, fangshan: Desk, desk: Desk) -> None:
    linxian.says("第11条 已完成，走访部队5个，慰问金24万元")
    fangshan.says("第11条 推进中 60%")
    rows = desk.says("第11条 汇总").splitlines()
    assert "🟢 方山县·八一走访慰问：60%，推进中" in rows
    assert "🔵 临县·八一走访慰问：已完成，待销号，走访部队 5 个；慰问金 24 万元" in rows
    silent = next(row for row in rows if row.startswith("未报·八一走访慰问"))
    assert "（15 家）" in silent
    assert "临县" not in silent
    assert "兴县" in silent


def test_overdue_tasks_turn_red(office: Office, desk: Desk) -> None:
    office.clock.set(office.clock.now().replace(month=8, day=6))
    assert "🔴 第11条" in desk.says("汇总")


def test_the_leader_sees_the_same(leader: Desk, desk: Desk) -> None:
    assert leader.says("汇总") == desk.says("汇总")


def test_contacts_and_strangers_do_not_see_it(linxian: Desk, stranger: Desk) -> None:
    assert "不在您（联络员）的权限内" in linxian.says("汇总")
    assert "还没有登记为联络员" in stranger.says("汇总")


def test_the_summary_fits_one_message_of_a_phone(desk: Desk) -> None:
    assert len(desk.says("汇总").encode()) <= 2048
    assert "（1/" not in desk.says("汇总")
