"""Plan versions: an unchanged point keeps what was reported on it, a corrected one starts anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.progress import Light
from bot.domain.work_points import Section, WorkPlan, WorkPoint
from bot.errors import Refusal
from bot.services import Services
from bot.storage import audit
from tests.support.plan import plan_2021
from tests.support.use_cases import UseCases

PLAN = plan_2021()
COUNTIES = ("临县,县市区,,临小县,linxian,联络员", "方山县,县市区,,方小山,fangshan,联络员")


def reworded(plan: WorkPlan, number: int) -> WorkPlan:
    points = tuple(
        replace(point, text=f"{point.text}（修订）") if point.number == number else point
        for point in plan.points
    )
    return replace(plan, points=points)


@pytest.fixture
def office(use: UseCases) -> UseCases:
    """An office with the plan, two counties, and a report of each on 第9条 and 第11条."""
    use.plan(PLAN)
    use.roster(*COUNTIES)
    use.split(
        "9,教育优待,临县；方山县,,2021-08-31,应办尽办", "11,走访,临县,方山县,2021-08-05,有台账"
    )
    for who in ("linxian", "fangshan"):
        use.report(who, "第9条 已完成")
        use.report(who, "第11条 推进中")
    return use


def shown(use: UseCases, number: int) -> list[tuple[str, str, str, date | None, bool]]:
    """Return unit, task, part, deadline and whether there is a report."""

    def work(services: Services) -> list[tuple[str, str, str, date | None, bool]]:
        return [
            (
                task.assignment.unit,
                task.assignment.task,
                str(task.assignment.part),
                task.assignment.deadline,
                task.report is not None,
            )
            for task in services.assignments.of_point(number)
        ]

    return use(work)


def test_the_document_comes_back_as_it_was_read(use: UseCases) -> None:
    done = use.plan(PLAN)
    assert (done.version, done.new, done.changed) == (1, True, tuple(range(1, 21)))
    assert use(lambda services: services.work_points.current()) == PLAN


def test_the_same_file_again_changes_nothing(office: UseCases) -> None:
    before = shown(office, 11)
    again = office.plan(PLAN)
    assert (again.version, again.new, again.changed) == (1, False, ())
    assert shown(office, 11) == before
    subject = f"plan:{PLAN.number}"
    assert len(office(lambda services: audit.of_subject(services.session, subject))) == 1


def test_a_corrected_point_starts_anew_with_its_assignments(office: UseCases) -> None:
    done = office.plan(reworded(PLAN, 11))
    assert (done.version, done.new, done.changed) == (2, False, (11,))
    assert shown(office, 11) == [
        ("临县", "走访", "牵头", date(2021, 8, 5), False),
        ("方山县", "走访", "配合", date(2021, 8, 5), False),
    ]
    assert office(lambda services: services.work_points.point(11)).text.endswith("（修订）")


def test_the_other_points_keep_their_reports(office: UseCases) -> None:
    before = shown(office, 9)
    office.plan(reworded(PLAN, 11))
    assert shown(office, 9) == before
    assert all(reported for *_, reported in before)


def test_a_decision_on_the_former_wording_does_not_hold_for_the_new_one(office: UseCases) -> None:
    def return_it(services: Services) -> None:
        unit = next(unit for unit in services.people.units() if unit.name == "临县")
        services.review.give_back(services.people.identify("fangshan"), 11, unit, "缺照片")

    office(return_it)
    office.plan(reworded(PLAN, 11))
    lights = office(lambda services: [task.light for task in services.assignments.of_point(11)])
    assert Light.RETURNED not in lights


def test_reports_go_on_after_a_correction(office: UseCases) -> None:
    office.plan(reworded(PLAN, 11))
    office.report("linxian", "第11条 已完成")
    assert [reported for *_, reported in shown(office, 11)] == [True, False]


def test_an_assignment_file_may_be_handed_in_again_after_a_correction(office: UseCases) -> None:
    office.plan(reworded(PLAN, 11))
    assert office.split("11,走访,临县,方山县,2021-08-05,有台账").changed == 0
    assert len(shown(office, 11)) == 2


def test_back_to_the_first_wording_is_a_third_version(office: UseCases) -> None:
    office.plan(reworded(PLAN, 11))
    done = office.plan(PLAN)
    assert (done.version, done.changed) == (3, (11,))
    assert office(lambda services: services.work_points.current()) == PLAN


def last_taken_out(plan: WorkPlan) -> WorkPlan:
    return replace(plan, points=plan.points[:-1])


def one_added(plan: WorkPlan) -> WorkPlan:
    return replace(plan, points=(*plan.points, WorkPoint(21, 4, "新增的一条要点，抓好落实。")))


def renamed_section(plan: WorkPlan) -> WorkPlan:
    first, *others = plan.sections
    return replace(plan, sections=(Section(1, f"{first.title}（修订）"), *others))


@pytest.mark.parametrize(
    ("correct", "changed"),
    [(last_taken_out, (20,)), (one_added, (21,)), (renamed_section, ())],
)
def test_other_corrections(
    office: UseCases, correct: Callable[[WorkPlan], WorkPlan], changed: tuple[int, ...]
) -> None:
    corrected = correct(PLAN)
    done = office.plan(corrected)
    assert (done.version, done.changed) == (2, changed)
    assert office(lambda services: services.work_points.current()) == corrected


def test_a_point_that_was_taken_out_takes_no_more_reports(office: UseCases) -> None:
    office.report("linxian", "第20条 推进中")
    office.plan(last_taken_out(PLAN))
    with pytest.raises(Refusal, match="共 19 条，没有第20条"):
        office.report("linxian", "第20条 已完成")
    with pytest.raises(Refusal, match="没有可以更正或撤回"):
        office(lambda services: services.progress.withdraw(services.people.identify("linxian")))


def test_next_years_plan_takes_over_and_the_old_one_stays(office: UseCases) -> None:
    following = replace(
        PLAN,
        number="吕拥办发〔2022〕3号",
        year=2022,
        issued_on=PLAN.issued_on + timedelta(days=300),
    )
    assert office.plan(following).new
    assert office(lambda services: services.work_points.current()) == following
    assert shown(office, 11) == []
    assert office.plan(PLAN).changed == ()


def test_without_a_plan_everything_says_so(use: UseCases) -> None:
    use.roster(*COUNTIES)
    with pytest.raises(Refusal, match="还没有导入工作要点"):
        use.report("linxian", "第9条 已完成")
