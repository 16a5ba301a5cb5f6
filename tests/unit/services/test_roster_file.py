"""The roster file: what is taken over and how each mistake is named."""

import pytest

from bot.domain.people import Role
from bot.errors import InputError
from bot.services.roster_file import COLUMNS, Roster, RosterPerson, RosterUnit, parse_roster
from bot.services.tables import parse_table, read_table
from tests.support.calendars import DATA
from tests.support.workbooks import workbook

GOOD = (
    "市双拥办,领导机构,,办小文,office,双拥办",
    "临县,县市区,市双拥办,临小县,linxian,联络员",
)


def roster(*lines: str, known_units: tuple[str, ...] = ()) -> Roster:
    text = "\n".join((",".join(COLUMNS), *lines))
    return parse_roster(parse_table("花名册.csv", text.encode(), COLUMNS), known_units)


def problems(*lines: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        roster(*lines)
    assert f"花名册有 {len(caught.value.problems)} 处问题，没有导入" in str(caught.value)
    return caught.value.problems


def test_a_good_roster() -> None:
    assert roster(*GOOD) == Roster(
        (RosterUnit("市双拥办", "领导机构", None), RosterUnit("临县", "县市区", "市双拥办")),
        (
            RosterPerson("office", "办小文", Role.OFFICE, "市双拥办", 2),
            RosterPerson("linxian", "临小县", Role.CONTACT, "临县", 3),
        ),
    )


def test_a_unit_of_several_people_states_its_category_once() -> None:
    found = roster(*GOOD, "临县,,,临小二,linxian2,审核员")
    assert found.units[1] == RosterUnit("临县", "县市区", "市双拥办")
    assert [person.unit for person in found.people] == ["市双拥办", "临县", "临县"]


def test_a_parent_may_be_a_unit_entered_before() -> None:
    assert roster(GOOD[1], known_units=("市双拥办",)).units[0].parent == "市双拥办"


def test_a_merged_unit_and_a_numeric_account_from_excel() -> None:
    rows: list[list[object]] = [
        list(COLUMNS),
        ["临县", "县市区", None, "甲", 10086, "联络员"],
        [None] * 3 + ["乙", "b", "领导"],
    ]
    table = parse_table("花名册.xlsx", workbook(rows, ["A2:A3", "B2:B3"]), COLUMNS)
    found = parse_roster(table)
    assert [(person.userid, person.unit) for person in found.people] == [
        ("10086", "临县"),
        ("b", "临县"),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (",县市区,市双拥办,甲,a1,联络员", ["第4行：单位是空的。"]),
        ("兴县,县市区,市双拥办,,a1,联络员", ["第4行：姓名是空的。"]),
        ("兴县,县市区,市双拥办,甲,,联络员", ["第4行：企业微信账号是空的。"]),
        ("兴县,县市区,市双拥办,甲,a1,", ["第4行：角色是空的。"]),
        (
            "兴县,县市区,市双拥办,甲,a1,组长",
            ["第4行：角色“组长”不认识，只能写：联络员、审核员、双拥办、领导。"],
        ),
        (
            "兴县,县市区,市双拥办,甲,a1,未登记",
            ["第4行：角色“未登记”不认识，只能写：联络员、审核员、双拥办、领导。"],
        ),
        (
            "兴县,县市区,省双拥办,甲,a1,联络员",
            ["第4行：上级单位“省双拥办”不在花名册的单位里，请改正或先加上它。"],
        ),
        ("兴县,,市双拥办,甲,a1,联络员", ["兴县没有写单位类别。"]),
        (
            "临县,成员单位,市双拥办,甲,a1,联络员",
            ["第4行：临县的单位类别是“成员单位”，与第3行的“县市区”不一致。"],
        ),
        (
            "兴县,县市区,兴县,甲,a1,联络员",
            ["兴县的上级单位绕了一圈又是它自己。"],
        ),
        (
            "兴县,县市区,市双拥办,甲,LinXian,联络员",
            ["第4行：企业微信账号“LinXian”与第3行重复（不分大小写）。"],
        ),
    ],
)
def test_a_bad_row_is_named(line: str, expected: list[str]) -> None:
    assert list(problems(*GOOD, line)) == expected


@pytest.mark.parametrize("account", ["@all", "林县", "a b", "a|b", "_x", "a" * 65, "ａｂ", "a/b"])
def test_an_account_that_wecom_does_not_have(account: str) -> None:
    (problem,) = problems(*GOOD, f"兴县,县市区,市双拥办,甲,{account},联络员")
    assert problem.startswith(f"第4行：企业微信账号“{account}”不合规则")


@pytest.mark.parametrize("account", ["a", "lx_contact", "x.y@z-1", "0" * 64])
def test_an_account_that_wecom_may_have(account: str) -> None:
    assert roster(*GOOD, f"兴县,县市区,市双拥办,甲,{account},联络员").people[2].userid == account


def test_a_circle_of_parents() -> None:
    lines = ("甲局,成员单位,乙局,甲,a,联络员", "乙局,成员单位,甲局,乙,b,联络员")
    assert problems(*lines) == (
        "甲局的上级单位绕了一圈又是它自己。",
        "乙局的上级单位绕了一圈又是它自己。",
    )


def test_all_bad_rows_are_named_at_once() -> None:
    found = problems("临县,县市区,,,x,联络员", "兴县,县市区,,乙,x,头儿", ",,,,,")
    assert found == (
        "第2行：姓名是空的。",
        "第3行：角色“头儿”不认识，只能写：联络员、审核员、双拥办、领导。",
        "第3行：企业微信账号“x”与第2行重复（不分大小写）。",
    )


def test_the_sample_roster() -> None:
    found = parse_roster(read_table(DATA / "roster-sample.csv", COLUMNS))
    counties = [unit for unit in found.units if unit.category == "县市区"]
    by_role = [person.role for person in found.people]
    assert len(counties) == 13
    assert {unit.category for unit in found.units} == {"领导机构", "成员单位", "县市区"}
    assert (by_role.count(Role.OFFICE), by_role.count(Role.LEADER)) == (2, 1)
    assert by_role.count(Role.REVIEWER) == 1
    contacts = {person.unit for person in found.people if person.role is Role.CONTACT}
    assert {unit.name for unit in counties} <= contacts
