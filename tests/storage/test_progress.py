"""Reports: the last valid one counts, nothing is deleted, figures come back to the 分."""

from datetime import date

import pytest

from bot.domain.progress import Count, Figures, Money, Report, Status
from bot.storage import audit, progress
from tests.support.plan import plan_2021
from tests.support.use_cases import NOW, UseCases


@pytest.fixture
def part(use: UseCases) -> int:
    """One part in one task, of 临县."""
    use.plan(plan_2021())
    use.roster("临县,县市区,,临小县,linxian,联络员")
    use.split("11,走访慰问,临县,,2021-08-05,")
    [task] = use(lambda services: services.assignments.of_plan())
    return task.assignment.id


def report(part: int, text: str = "已完成", status: Status = Status.DONE) -> Report:
    return Report(
        id=0,
        assignment_id=part,
        userid="linxian",
        reporter="临小县",
        text=text,
        status=status,
        percent=80,
        completion=date(2021, 7, 30),
        figures=Figures(
            money=(Money(24_000_001, "慰问金"), Money(1, "", approximate=True)),
            counts=(Count(5, "个", "走访部队"), Count(2.5, "万字", approximate=True)),
        ),
        difficulty="经费]]>不足😀",
        reported_at=NOW,
        late=True,
    )


def add(use: UseCases, one: Report, corrects: int | None = None) -> Report:
    return use(lambda services: progress.add(services.session, one, corrects))


def latest(use: UseCases, part: int) -> str | None:
    found = use(lambda services: progress.latest_reports(services.session, [part]))
    return found[part].text if part in found else None


def test_a_report_comes_back_as_it_was_booked(use: UseCases, part: int) -> None:
    stored = add(use, report(part))
    assert stored.id > 0
    found = use(lambda services: progress.latest_of(services.session, "linxian"))
    assert found == stored
    assert found.reported_at == NOW
    assert (found.figures, found.completion) == (report(part).figures, date(2021, 7, 30))
    assert found.difficulty == "经费]]>不足😀"


def test_the_last_one_counts(use: UseCases, part: int) -> None:
    assert latest(use, part) is None
    add(use, report(part, "一", Status.IN_PROGRESS))
    add(use, report(part, "二"))
    assert latest(use, part) == "二"
    assert use(lambda services: progress.latest_reports(services.session, [])) == {}


def test_what_was_withdrawn_gives_way_to_the_one_before(use: UseCases, part: int) -> None:
    add(use, report(part, "一"))
    second = add(use, report(part, "二"))
    use(lambda services: progress.end(services.session, second.id, progress.WITHDRAWN))
    assert latest(use, part) == "一"
    last = use(lambda services: progress.latest_of(services.session, "linxian"))
    assert last is not None
    assert last.text == "一"


def test_every_step_leaves_its_trace(use: UseCases, part: int) -> None:
    use.report("linxian", "第11条 推进中，走访部队5个")

    person = use(lambda services: services.people.identify("linxian"))
    use(lambda services: services.progress.correct(person, services.reading.read("走访部队6个")))
    use(lambda services: services.progress.withdraw(person))
    acts = use(lambda services: audit.of_subject(services.session, f"assignment:{part}"))
    assert [(act.action, act.actor) for act in acts] == [
        ("report.book", "linxian"),
        ("report.correct", "linxian"),
        ("report.withdraw", "linxian"),
    ]
    assert latest(use, part) is None, "a correction took the place of what it corrects"
