"""The 2021 document becomes 20 exact points; a faulty document is refused with its place."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InputError
from bot.knowledge.plan_document import read_plan
from tests.support.plan import PLAN_FILE, plan_2021, plan_text

# Read off the printed document by hand: first words, last words, number of characters.
POINTS = (
    (1, 1, "学习宣传习近平新时代中国特色社会主义思想和习近平强军思想，", "强化责任担当。"),
    (2, 1, "持续抓好全国双拥模范城（县）命名暨", "学习宣传活动，营造浓厚社会氛围。"),
    (3, 1, "结合建党 100 周年，扎实开展党史学习教育，", "更加自觉投身强军兴军实践。"),
    (4, 1, "组织开展双拥主题征文、双拥专栏宣传活动。", "增强双拥宣传教育的时代感和影响力。"),
    (5, 1, "丰富群众双拥文化生活，", "推进双拥文化建设。"),
    (6, 2, "根据疫情防控要求，主动走访驻地部队，", "重点难点问题解决。"),
    (7, 2, "发扬拥军支前优良传统，", "形成部队练打仗、地方练支前的生动格局。"),
    (8, 2, "总结借鉴发挥双拥优势支持军队抗疫经验做法,", "确保遇有军事行动能够快速反应。"),
    (9, 2, "继续下大力气解决官兵后路、后院、后代问题,", "努力为部队官兵解决后顾之忧。"),
    (10, 2, "全力维护军人军属、退役军人和其他优抚对象合法权益,", "提供便捷服务。"),
    (11, 2, "精心组织“八一”、春节等节日期间走访慰问", "优抚对象的荣誉感获得感。"),
    (12, 3, "号召全市国防后备力量、广大驻吕部队、军工企业等,发挥人才", "绿化美化等工作。"),
    (13, 3, "落实中央“四个不摘”要求，", "率先向乡村振兴平稳过渡。"),
    (14, 3, "积极发挥军队政治优势，", "自觉遵守社会公德、职业道德和家庭美德。"),
    (15, 3, "深入开展平安创建、和谐创建、文明创建等活动，", "保护人民群众生命财产安全。"),
    (16, 3, "认真贯彻落实市委 216 次常委会、市政府 118 次常务会、", "巩固提升全国双拥模范城。"),
    (17, 4, "制定《关于进一步加强新时代双拥工作的意见》，", "健全基层双拥服务体系。"),
    (18, 4, "坚持军地协调会议制度,建立健全军地相互支持、", "服务军地建设改革的质量效益。"),
    (19, 4, "广泛发动各级双拥工作领导小组成员单位和“两新”组织、", "社会化拥军普及深入。"),
    (20, 4, "加强新时代双拥工作理论研究,提升工作信息化水平,", "内容、形式和载体。"),
)
SECTIONS = (
    "广泛开展双拥宣传教育，夯实军政军民团结奋斗思想根基",
    "聚焦服务备战打仗，倾力帮助部队解决实际问题",
    "发扬军队优良传统,积极参与地方经济社会建设",
    "大力加强双拥基础建设，推动工作水平不断提升",
)


def test_head() -> None:
    plan = plan_2021()
    assert (plan.title, plan.number, plan.year) == (
        "2021年吕梁市双拥工作要点",
        "吕拥办发〔2021〕4号",
        2021,
    )
    assert plan.issued_on == date(2021, 7, 28)
    assert plan.issuer == "吕梁市双拥工作领导小组办公室"
    assert plan.preamble.startswith("2021 年是中国共产党建党 100 周年，")
    assert plan.preamble.endswith("汇聚强国兴军的磅礴力量。")


def test_sections() -> None:
    assert tuple(section.title for section in plan_2021().sections) == SECTIONS


@pytest.mark.parametrize(("number", "section", "first", "last"), POINTS)
def test_point(number: int, section: int, first: str, last: str) -> None:
    point = plan_2021().points[number - 1]
    assert (point.number, point.section) == (number, section)
    assert point.text.startswith(first)
    assert point.text.endswith(last)


def test_points_are_the_document_without_its_line_breaks() -> None:
    printed = PLAN_FILE.read_text(encoding="utf-8").replace("\n", "")
    rest = printed[printed.index("一、") :]
    plan = plan_2021()
    for point in plan.points:
        if point.number in {1, 6, 12, 17}:
            title = f"{'一二三四'[point.section - 1]}、{plan.sections[point.section - 1].title}"
            assert rest.startswith(title)
            rest = rest.removeprefix(title)
        assert rest.startswith(f"{point.number}. {point.text}")
        rest = rest.removeprefix(f"{point.number}. {point.text}")
    assert rest == ""


def test_typing_error_of_the_document_stays() -> None:
    assert "“互联网十双拥”" in plan_2021().points[3].text


FAULTS = {
    "missing point": (r"\n5\. .*\n", "\n", "第 5 条", "第 6 条"),
    "doubled point": (r"\n6\. ", "\n5. ", "第 37 行", "第 6 条"),
    "first point missing": (r"\n1\. ", "\n2. ", "第 1 条", "第 2 条"),
    "last point renumbered": (r"\n20\. ", "\n21. ", "第 20 条", "第 21 条"),
    "missing section": (r"\n二、", "\n三、", "第 35 行", "第 2 部分"),
    "no number": ("吕拥办发〔2021〕4号", "", "文号", ""),
    "no date": (r"\n2021年7月28日\n", "\n", "日期", ""),
    "impossible date": ("2021年7月28日", "2021年2月30日", "2021年2月30日", ""),
    "no title": (r"\n2021 年吕梁市双拥工作要点\n", "\n", "标题", ""),
    "no sections": (r"\n[一二三四]、", "\n", "“一、”", ""),
    "no points": (r"\n\d+\. ", "\n", "“1.”", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_document_is_refused_with_its_place(fault: str) -> None:
    pattern, replacement, *named = FAULTS[fault]
    faulty = re.sub(pattern, replacement, plan_text())
    with pytest.raises(InputError) as caught:
        read_plan(faulty, "要点.txt")
    assert all(name in str(caught.value) for name in ("要点.txt", *named))
    assert "\n" not in str(caught.value)


def test_swapped_points_are_refused_with_what_stands_before() -> None:
    swapped = plan_text().replace("\n6. ", "\n@").replace("\n7. ", "\n6. ").replace("\n@", "\n7. ")
    with pytest.raises(InputError, match=r"前文是“.*帮助部队解决实际问题”"):
        read_plan(swapped, "要点.txt")


@pytest.mark.parametrize("mark", [".", "．", "、", " . ", "．　"])
def test_marks_after_the_number(mark: str) -> None:
    other = re.sub(r"\n(\d+)\. ", rf"\n\g<1>{mark}", plan_text())
    assert read_plan(other, "x").points == plan_2021().points


@pytest.mark.parametrize("brackets", ["[]", "（）", "()", "【】", "［］"])
def test_forms_of_the_document_number(brackets: str) -> None:
    written = f"吕拥办发{brackets[0]}2021{brackets[1]} 4 号"
    text = plan_text().replace("吕拥办发〔2021〕4号", written)
    assert read_plan(text, "x").number == "吕拥办发〔2021〕4号"


def test_date_in_chinese_numerals() -> None:
    text = plan_text().replace("2021年7月28日", "二〇二一年七月二十八日")
    assert read_plan(text, "x").issued_on == date(2021, 7, 28)


def test_what_follows_the_last_point_is_not_part_of_it() -> None:
    tail = "\n抄送：市委办公室\n吕梁市双拥工作领导小组办公室 2021年7月28日印发\n"
    assert read_plan(plan_text() + tail, "x").points == plan_2021().points


def test_page_numbers_between_broken_lines() -> None:
    text = plan_text().replace("启动“百佳双拥模范机构”学\n", "启动“百佳双拥模范机构”学\n— 2 —\n")
    assert read_plan(text, "x").points == plan_2021().points


BROKEN_BEFORE = ("216 次常委会", "118 次常务会", "100 周年", "百年奋斗", "2021 年是", "两新")


@pytest.mark.parametrize("words", BROKEN_BEFORE)
def test_number_that_begins_a_broken_line_is_no_heading(words: str) -> None:
    broken = plan_text().replace(words, "\n" + words)
    assert [p.text.replace(" ", "") for p in read_plan(broken, "x").points] == [
        p.text.replace(" ", "") for p in plan_2021().points
    ]


@given(st.data())
def test_any_line_break_inside_a_point_is_joined(data: st.DataObject) -> None:
    plan, text = plan_2021(), plan_text()
    point = data.draw(st.sampled_from(plan.points))
    at = data.draw(st.integers(1, len(point.text) - 1))
    before, after = point.text[:at], point.text[at:]
    if before.endswith(" ") or after.startswith(" "):
        return
    start = text.index(f"\n{point.number}. ") + len(f"\n{point.number}. ")
    whole = text[start:].replace("\n\n", "", 1) if point.text not in text else text[start:]
    broken = text[:start] + whole.replace(point.text, f"{before}\n{after}", 1)
    assert read_plan(broken, "x").points == plan.points


@given(st.text(max_size=400))
def test_any_text_gives_a_plan_or_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_plan(text, "x.txt")
    assert "x.txt" in str(caught.value)
