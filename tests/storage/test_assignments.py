"""The responsibility split: all of a file or nothing, and what the office decided stays."""

from datetime import date

import pytest

from bot.domain.assignments import Assignment, Part, Standing
from bot.errors import InputError
from bot.storage import assignments, audit
from tests.support.plan import plan_2021
from tests.support.use_cases import UseCases

ROW = "11,走访慰问,临县；方山县,市双拥办,2021-08-05,有台账"


@pytest.fixture
def office(use: UseCases) -> UseCases:
    use.plan(plan_2021())
    use.roster(
        "市双拥办,领导机构,,办小文,bangongshi,双拥办",
        "临县,县市区,,临小县,linxian,联络员",
        "方山县,县市区,,方小山,fangshan,联络员",
    )
    return use


def of_plan(use: UseCases) -> list[Assignment]:
    return [task.assignment for task in use(lambda services: services.assignments.of_plan())]


def test_each_unit_has_its_part(office: UseCases) -> None:
    done = office.split(ROW)
    assert (done.rows, done.parts, done.changed) == (1, 3, 3)
    found = {one.unit: one for one in of_plan(office)}
    assert {unit: one.part for unit, one in found.items()} == {
        "临县": Part.LEAD,
        "方山县": Part.LEAD,
        "市双拥办": Part.SUPPORT,
    }
    lead = found["临县"]
    assert (lead.point, lead.task, lead.deadline) == (11, "走访慰问", date(2021, 8, 5))
    assert (lead.standard, lead.standing, lead.official) == ("有台账", Standing.OPEN, True)


def test_a_task_without_a_name_takes_the_points_title(office: UseCases) -> None:
    office.split("11,,临县,,,")
    [found] = of_plan(office)
    assert found.task.startswith("精心组织")
    assert found.deadline is None


def test_the_same_file_twice_changes_nothing(office: UseCases) -> None:
    office.split(ROW)
    before = of_plan(office)
    assert office.split(ROW).changed == 0
    assert of_plan(office) == before
    assert len(office(lambda services: audit.of_subject(services.session, "assignments"))) == 1


def test_a_new_deadline_keeps_the_report_and_the_decision(office: UseCases) -> None:
    office.split(ROW)
    office.report("linxian", "第11条 已完成")
    [lead] = [one for one in of_plan(office) if one.unit == "临县"]
    office(
        lambda services: assignments.set_standing(
            services.session, lead.id, Standing.RETURNED, "缺照片"
        )
    )
    assert office.split(ROW.replace("08-05", "08-10")).changed == 3
    tasks = office(lambda services: services.assignments.of_point(11))
    [after] = [task for task in tasks if task.assignment.unit == "临县"]
    assert after.assignment.id == lead.id
    assert after.assignment.deadline == date(2021, 8, 10)
    assert (after.assignment.standing, after.assignment.reason) == (Standing.RETURNED, "缺照片")
    assert after.report is not None


BAD = (
    "11,走访慰问,临县,,2021-08-05,",
    "30,没有这条,临县,,,",
    "九,读不懂,临县,,,",
    "9,没有牵头,,方山县,,",
    "9,单位写错,临线,,,",
    "9,日期写错,临县,,八月底,",
    "9,又牵头又配合,临县,临县,,",
    "11,走访慰问,临县,,2021-08-06,",
)


def test_a_file_with_bad_rows_changes_nothing_and_names_each(office: UseCases) -> None:
    office.split(ROW)
    before = of_plan(office)
    with pytest.raises(InputError) as raised:
        office.split(*BAD)
    said = str(raised.value)
    assert [row for row in range(2, 10) if f"第{row}行：" in said] == [3, 4, 5, 6, 7, 8, 9]
    assert "是不是“临县”" in said
    assert "第30条" in said
    assert of_plan(office) == before


def test_parts_are_found_by_unit_point_and_deadline(office: UseCases) -> None:
    office.split(ROW, "9,教育优待,方山县,,2021-08-31,", "20,理论研究,方山县,,,")
    units = {unit.name: unit.id for unit in office(lambda services: services.people.units())}

    def numbers(found: list[Assignment]) -> list[int]:
        return [one.point for one in found]

    fangshan = units["方山县"]
    assert numbers(office(lambda s: assignments.of_unit(s.session, fangshan))) == [9, 11, 20]
    both = office(lambda services: services.assignments.of_unit_on_point(fangshan, 9))
    assert [(task.assignment.point, task.report) for task in both] == [(9, None)]

    def due(first: date, last: date) -> list[int]:
        return numbers(office(lambda s: assignments.with_deadline(s.session, first, last)))

    assert due(date(2021, 8, 5), date(2021, 8, 5)) == [11, 11, 11]
    assert due(date(2021, 8, 6), date(2021, 8, 31)) == [9]
    assert due(date(2021, 9, 1), date(2022, 9, 1)) == []


def test_a_closed_part_falls_due_no_more(office: UseCases) -> None:
    office.split("11,走访慰问,临县,,2021-08-05,")
    [part] = of_plan(office)
    office(lambda s: assignments.set_standing(s.session, part.id, Standing.CLOSED, ""))
    day = date(2021, 8, 5)
    assert office(lambda s: assignments.with_deadline(s.session, day, day)) == []


def test_what_a_unit_took_upon_itself_is_not_official(office: UseCases) -> None:
    office.report("linxian", "第20条 推进中")
    [own] = of_plan(office)
    assert (own.part, own.official, own.unit) == (Part.OWN, False, "临县")
    assert office.split("20,,临县,,2021-12-10,").changed == 1
    [now_official] = of_plan(office)
    assert (now_official.id, now_official.official) == (own.id, True)
