"""Reports in chat: one sentence, turn by turn, corrected, withdrawn."""

from tests.support.office import Desk, Office, lines


def test_a_report_in_one_sentence(linxian: Desk) -> None:
    assert linxian.says("第11条 已完成，走访部队5个，慰问金24万元") == lines(
        "已记录：第11条 八一走访慰问（临县）",
        "状态：已完成",
        "数字：走访部队 5 个；慰问金 24 万元",
        "有误请回复“更正 …”，撤回请回复“撤回”。",
    )


def test_the_same_report_again_books_nothing(linxian: Desk, desk: Desk) -> None:
    linxian.says("第11条 已完成，走访部队5个")
    before = desk.says("第11条 汇总")
    assert linxian.says("第11条 已完成，走访部队5个").startswith("这条已经记录过")
    assert desk.says("第11条 汇总") == before


def test_a_correction_replaces_only_what_it_names(linxian: Desk) -> None:
    linxian.says("第11条 已完成，走访部队5个，慰问金24万元")
    assert linxian.says("更正 走访部队6个") == lines(
        "已更正：第11条 八一走访慰问（临县）",
        "状态：已完成",
        "数字：走访部队 6 个；慰问金 24 万元",
        "有误请回复“更正 …”，撤回请回复“撤回”。",
    )


def test_a_withdrawn_report_no_longer_counts(linxian: Desk, desk: Desk) -> None:
    linxian.says("第11条 推进中")
    linxian.says("第11条 已完成")
    assert "现以上一次填报为准：推进中" in linxian.says("撤回")
    assert "目前没有有效的填报" in linxian.says("撤回")
    assert "没有可以更正或撤回的填报" in linxian.says("撤回")
    assert "已报 0" in desk.says("第11条 汇总")


def test_turn_by_turn(linxian: Desk) -> None:
    assert linxian.says("进度") == lines(
        "请问填报哪一项？请回复前面的数字：",
        "1. 第11条 八一走访慰问（尚未填报）",
        "2. 第16条 创建文明城市、巩固双拥模范城（尚未填报）",
        "3. 第11条 春节走访慰问（尚未填报）",
        "不填了请回复“取消”。",
    )
    assert linxian.says("9") == "请回复 1 到 3 之间的数字；不填了请回复“取消”。"
    assert "完成时限：8月5日" in linxian.says("1")
    assert linxian.says("走访了3个部队").startswith("还差一项：进展到哪一步了？")
    assert linxian.says("2").splitlines()[:3] == [
        "已记录：第11条 八一走访慰问（临县）",
        "状态：推进中",
        "数字：走访部队 3 个",
    ]
    assert linxian.says("取消") == "现在没有正在进行的填报，不需要取消。"


def test_a_question_in_the_middle_is_answered_and_the_dialogue_goes_on(linxian: Desk) -> None:
    linxian.says("进度")
    assert "【第9条】" in linxian.says("第9条说什么？")
    assert "八一走访慰问（临县）" in linxian.says("1")


def test_a_dialogue_can_be_left(linxian: Desk, desk: Desk) -> None:
    linxian.says("进度")
    assert linxian.says("取消") == "好的，已取消，没有登记任何内容。"
    assert "已报 0" in desk.says("汇总")


def test_a_report_without_a_point_asks_which_one(linxian: Desk) -> None:
    assert linxian.says("已完成，走访部队3个").startswith("请问填报哪一项？")
    assert linxian.says("1").splitlines()[:3] == [
        "已记录：第11条 八一走访慰问（临县）",
        "状态：已完成",
        "数字：走访部队 3 个",
    ]


def test_what_stops_the_work_is_booked_as_a_difficulty(linxian: Desk) -> None:
    answer = linxian.says("第11条 没完成，因经费没到位推进不下去")
    assert "状态：遇到困难" in answer
    assert "困难：因经费没到位推进不下去" in answer


def test_one_message_may_speak_of_several_points_but_not_share_figures(office: Office) -> None:
    school = office.person("jiaoyuju")
    answer = school.says("第4、9条 推进中")
    assert answer.count("已记录：") == 2
    refused = school.says("第4、9条 推进中，走访5户")
    assert "分不清数字属于哪一条，没有登记" in refused


def test_a_point_that_nobody_assigned_is_booked_for_the_own_unit(linxian: Desk, desk: Desk) -> None:
    assert "（临县）" in linxian.says("第20条 推进中")
    assert "临县" in desk.says("第20条 汇总")
    assert "临县" not in desk.says("谁负责第20条")


def test_a_point_that_does_not_exist_is_refused(linxian: Desk) -> None:
    assert linxian.says("第30条 已完成") == "工作要点共 20 条，没有第30条。请核对序号后再发。"


def test_who_may_not_report_is_told_so(leader: Desk, stranger: Desk) -> None:
    assert "不在您（领导）的权限内" in leader.says("第11条 已完成")
    assert "双拥办" in stranger.says("第11条 已完成")


def test_a_late_report_is_taken_and_marked(office: Office, linxian: Desk) -> None:
    office.clock.set(office.clock.now().replace(month=8, day=6))
    assert "记为迟报" in linxian.says("第11条 八一 已完成")


def test_points_in_different_states_are_not_booked_as_one(office: Office) -> None:
    school = office.person("jiaoyuju")
    assert "进展不一样，没有登记" in school.says("第1条、第5条已完成，第9条正在推进")
    assert school.says("第1条、第5条、第9条都已完成").count("已记录：") == 3


def test_an_extension_is_for_the_office_to_grant(linxian: Desk) -> None:
    assert linxian.says("延期到8月10号").startswith("延期需要双拥办同意")
