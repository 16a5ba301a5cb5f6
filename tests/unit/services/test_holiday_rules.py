"""The rules of reminders as a clerk edits them."""

from datetime import time
from pathlib import Path

import pytest

from bot.domain.offsets import (
    DaysAfter,
    DaysBefore,
    LunarDay,
    Offset,
    TheDay,
    WorkingDaysAfter,
    WorkingDaysBefore,
)
from bot.domain.reminders import Audience, Late, Roll
from bot.errors import InputError
from bot.services.holiday_rules import load_rules, parse_offset, parse_rules
from tests.support.calendars import DATA

RULES = """
[[holiday]]
name = "建军节"
point = 11
topic = "走访慰问"

[[holiday.stage]]
name = "报计划"
when = "前 30 天"
to = "全体联络员"
at = "09：07"
late = "并入下一条"

[[holiday.stage]]
name = "当天"
when = "当天"
to = "全体联络员"
at = "08:30"
late = "作废"
"""


def test_a_rule_is_read_under_its_one_name_with_sensible_defaults() -> None:
    (rule,) = parse_rules(RULES)
    plan, greeting = rule.stages
    assert (rule.holiday, rule.point, rule.topic) == ("八一", 11, "走访慰问")
    assert (plan.when, plan.audience, plan.at) == (DaysBefore(30), Audience.CONTACTS, time(9, 7))
    assert (plan.roll, plan.late) == (Roll.BACK, Late.FOLD)
    assert (greeting.roll, greeting.late) == (Roll.STAY, Late.DROP)


def test_an_edit_of_one_line_changes_one_stage() -> None:
    (rule,) = parse_rules(RULES.replace("前 30 天", "前40天").replace("09：07", "08:57"))
    assert (rule.stages[0].when, rule.stages[0].at) == (DaysBefore(40), time(8, 57))


@pytest.mark.parametrize(
    ("phrase", "offset"),
    [
        ("当天", TheDay()),
        ("前30天", DaysBefore(30)),
        ("节后7天", DaysAfter(7)),
        ("前3个工作日", WorkingDaysBefore(3)),
        ("节后第1个工作日", WorkingDaysAfter(1)),
        ("农历12月23日", LunarDay(12, 23)),
    ],
)
def test_every_phrase_is_read_and_said_back(phrase: str, offset: Offset) -> None:
    assert parse_offset(phrase) == offset
    assert offset.phrase == phrase


@pytest.mark.parametrize(
    "phrase", ["", "节前", "前0天", "前999天", "前三天", "农历13月1日", "农历1月31日", "当天后"]
)
def test_any_other_phrase_is_refused_with_examples(phrase: str) -> None:
    with pytest.raises(InputError, match="可写：当天、前30天"):
        parse_offset(phrase)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "建军节"', 'name = "愚人节"', "节日“愚人节”不认识"),
        ("point = 11", 'point = "十一"', "节日“建军节”：point 要写工作要点的序号"),
        ("point = 11", "point = 11\nponit = 12", "节日“建军节”：不认识的键“ponit”"),
        ("point = 11", "point = true", "point 要写工作要点的序号"),
        ('topic = "走访慰问"', "", "节日“建军节”：缺少 topic"),
        ('to = "全体联络员"', 'to = "大家"', "“报计划”：to 不能写“大家”，只能写：全体联络员"),
        ('at = "09：07"', 'at = "九点"', "“报计划”：时间“九点”读不懂"),
        ('at = "09：07"', 'at = "25:00"', "“报计划”：时间“25:00”读不懂"),
        ('at = "09：07"', "at = 9", "“报计划”：缺少 at，或没有写在引号里。"),
        ('late = "作废"', 'late = "随便"', "“当天”：late 不能写“随便”"),
        ('late = "作废"', 'rest_day = "推后"\nlate = "作废"', "rest_day 不能写“推后”"),
        ('late = "作废"', 'late = "作废"\ncolour = "红"', "“当天”：不认识的键“colour”"),
        ('when = "前 30 天"', 'when = "前几天"', "“报计划”：日子“前几天”读不懂"),
        ('name = "当天"', 'name = "报计划"', "“报计划”写了两次"),
        ("[[holiday]]", "[[holidays]]", "不认识的键“holidays”"),
        ("point = 11", "point = ", "第4行读不懂"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, sentence: str) -> None:
    assert old in RULES
    with pytest.raises(InputError) as caught:
        parse_rules(RULES.replace(old, new, 1))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有"),
        ("holiday = 3", "没有"),
        ('[[holiday]]\nname = "八一"\npoint = 11\ntopic = "慰问"', "节日“八一”没有"),
        (RULES + RULES, "“八一”写了两次"),
    ],
)
def test_a_file_without_rules(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_rules(text)


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"找不到节日规则文件 无\.toml"):
        load_rules(tmp_path / "无.toml")
    (tmp_path / "坏.toml").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(InputError, match="无法读取"):
        load_rules(tmp_path / "坏.toml")


def test_the_shipped_rules_chase_only_the_silent_and_the_greeting_asks_nothing() -> None:
    for rule in load_rules(DATA / "holiday-rules.toml"):
        by_name = {stage.name: stage for stage in rule.stages}
        assert by_name["催计划"].audience is Audience.WITHOUT_PLAN
        assert by_name["催结果"].audience is Audience.WITHOUT_RESULT
        assert by_name["汇总"].audience is Audience.OFFICE
        assert by_name["当天"].late is Late.DROP
        assert {stage.name for stage in rule.stages if stage.roll is Roll.STAY} == {"当天"}
