"""The responsibility split: what is taken over and how each mistake is named."""

from datetime import date, datetime

import pytest

from bot.errors import InputError
from bot.services import roster_file
from bot.services.assignments_file import COLUMNS, AssignmentRow, parse_assignments
from bot.services.tables import parse_table, read_table
from tests.support.calendars import DATA
from tests.support.workbooks import workbook

UNITS = ("市双拥办", "临县", "兴县", "市教育局", "市财政局", "方山县")
POINTS = range(1, 21)


def rows(*lines: str) -> tuple[AssignmentRow, ...]:
    text = "\n".join(("\t".join(COLUMNS), *(line.replace("|", "\t") for line in lines)))
    return parse_assignments(parse_table("分工.csv", text.encode(), COLUMNS), UNITS, POINTS)


def problems(*lines: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        rows(*lines)
    assert f"任务分工表有 {len(caught.value.problems)} 处问题，没有导入" in str(caught.value)
    return list(caught.value.problems)


def test_a_good_row() -> None:
    assert rows("11|八一走访慰问|临县；兴县|市双拥办、市财政局|2021-08-05|填报人数和金额") == (
        AssignmentRow(
            11,
            "八一走访慰问",
            ("临县", "兴县"),
            ("市双拥办", "市财政局"),
            date(2021, 8, 5),
            "填报人数和金额",
            2,
        ),
    )


def test_task_supports_deadline_and_standard_may_be_empty() -> None:
    (row,) = rows("第9条||市教育局|||")
    assert (row.point, row.task, row.supports, row.deadline, row.standard) == (9, "", (), None, "")


@pytest.mark.parametrize("between", ["；", ";", "、", ",", "，", " ； ", "\u3000、"])
def test_units_are_separated_by_any_usual_mark(between: str) -> None:
    (row,) = rows(f"11|慰问|临县{between}兴县||2021-08-05|")
    assert row.leads == ("临县", "兴县")


def test_a_unit_typed_with_other_blanks_is_the_one_of_the_roster() -> None:
    (row,) = rows("9|入学|市 教育局、市教育局|||")
    assert row.leads == ("市教育局",)


@pytest.mark.parametrize(
    "text", ["2021-08-05", "2021/8/5", "2021.8.5", "2021年8月5日", "2021 年 8 月 5 日", "20210805"]
)
def test_a_deadline_in_any_usual_form(text: str) -> None:
    assert rows(f"11|慰问|临县||{text}|")[0].deadline == date(2021, 8, 5)


def test_a_deadline_as_a_date_in_excel() -> None:
    moment = datetime(2021, 8, 5)  # noqa: DTZ001 - Excel knows no zones
    book = workbook([list(COLUMNS), [11, "慰问", "临县", None, moment, None]])
    (row,) = parse_assignments(parse_table("分工.xlsx", book, COLUMNS), UNITS, POINTS)
    assert (row.point, row.deadline, row.standard) == (11, date(2021, 8, 5), "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("|慰问|临县|||", ["第2行：要点序号“”读不懂，请写成 11。"]),
        ("十一|慰问|临县|||", ["第2行：要点序号“十一”读不懂，请写成 11。"]),
        ("21|慰问|临县|||", ["第2行：工作要点里没有第21条。"]),
        ("0|慰问|临县|||", ["第2行：工作要点里没有第0条。"]),
        ("11|慰问||||", ["第2行：牵头单位是空的。"]),
        ("11|慰问|临线|||", ["第2行：牵头单位“临线”不在花名册里，是不是“临县”？"]),
        ("11|慰问|临县|教育局||", ["第2行：配合单位“教育局”不在花名册里，是不是“市教育局”？"]),
        ("11|慰问|临县|水文站||", ["第2行：配合单位“水文站”不在花名册里，请先把它加进花名册。"]),
        ("11|慰问|临县|临县、兴县||", ["第2行：临县既是牵头单位又是配合单位，请只留一处。"]),
        (
            "11|慰问|临县||八月底|",
            ["第2行：完成时限“八月底”读不懂，请写成 2021-08-05；没有固定时限的请留空。"],
        ),
        (
            "11|慰问|临县||2021-02-30|",
            ["第2行：完成时限“2021-02-30”读不懂，请写成 2021-08-05；没有固定时限的请留空。"],
        ),
        (
            "11|慰问|临县||44413|",
            ["第2行：完成时限“44413”读不懂，请写成 2021-08-05；没有固定时限的请留空。"],
        ),
        ("11|慰问|临县||0201-08-05|", ["第2行：完成时限“0201-08-05”的年份不对，请核对。"]),
        (f"11|{'长' * 201}|临县|||", ["第2行：任务超过 200 个字，请精简。"]),
    ],
)
def test_a_bad_row_is_named(line: str, expected: list[str]) -> None:
    assert problems(line) == expected


def test_one_unit_twice_with_the_same_task() -> None:
    found = problems("11|慰问|临县|||", "11|慰 问|兴县、临县|||")
    assert found == ["第3行：临县的这项任务与第2行重复。"]


def test_the_same_task_on_a_row_for_each_unit() -> None:
    found = rows("11|慰问|临县||2021-08-05|", "11|慰问|兴县||2021-08-06|")
    assert [(row.leads, row.row) for row in found] == [(("临县",), 2), (("兴县",), 3)]


def test_all_bad_rows_are_named_at_once() -> None:
    assert problems("11|慰问|临线||明天|", "12|支援|临县|||", "99|无|临县|||") == [
        "第2行：牵头单位“临线”不在花名册里，是不是“临县”？",
        "第2行：完成时限“明天”读不懂，请写成 2021-08-05；没有固定时限的请留空。",
        "第4行：工作要点里没有第99条。",
    ]


def test_the_sample_split_covers_every_point_with_units_of_the_sample_roster() -> None:
    roster = roster_file.parse_roster(read_table(DATA / "roster-sample.csv", roster_file.COLUMNS))
    table = read_table(DATA / "assignments-sample.csv", COLUMNS)
    found = parse_assignments(table, [unit.name for unit in roster.units], POINTS)
    visits = [row for row in found if row.point == 11 and "走访慰问" in row.task]
    assert {row.point for row in found} == set(POINTS)
    assert [(len(row.leads), str(row.deadline)) for row in visits] == [
        (13, "2021-08-05"),
        (13, "2022-02-11"),
    ]
