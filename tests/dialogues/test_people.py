"""Help, greetings, and what a stranger gets."""

from tests.support.office import Desk, Office


def test_help_says_what_this_person_can_do(linxian: Desk, desk: Desk, stranger: Desk) -> None:
    assert "销号" not in linxian.says("帮助")
    assert "更正" in linxian.says("帮助")
    assert "销号 第11条 临县" in desk.says("帮助")
    assert "更正" not in stranger.says("帮助")
    assert "第11条" in stranger.says("帮助")


def test_my_tasks_with_deadlines(linxian: Desk, leader: Desk) -> None:
    assert linxian.says("我的任务").splitlines()[:2] == [
        "临县待办任务 3 项：",
        "🟢 第11条 八一走访慰问（牵头，8月5日前）尚未填报",
    ]
    assert "没有待办任务" in leader.says("我的任务")


def test_an_account_is_compared_without_case(office: Office) -> None:
    assert "临小县" in office.person("LinXian").says("帮助")


def test_a_greeting_is_answered_with_what_to_do_next(linxian: Desk) -> None:
    assert "帮助" in linxian.says("你好")


def test_words_without_meaning_get_a_way_out(linxian: Desk) -> None:
    for text in ("嗯", "哈哈哈", "😀", "asdf"):
        assert linxian.says(text)


def test_who_cannot_see_the_app_is_reached_no_more_and_the_office_is_told(
    office: Office, fangshan: Desk, desk: Desk
) -> None:
    office.wecom.unsubscribe("fangshan")
    office.act()
    [told] = desk.hears()
    assert told.startswith("【联络提醒】方山县联络员方小山已不在“双拥通”的可见范围")
    assert "其中名单里没有联络员、没能通知的：方山县" in desk.says("催办 第11条").replace(
        "市双拥办、", ""
    )
    office.wecom.subscribe("fangshan")
    assert "方小山同志" in fangshan.says("你好")
