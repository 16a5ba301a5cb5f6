"""Days off and working weekends that the office entered from notices."""

from datetime import date

from bot.domain.calendar import DayFact
from bot.storage import audit, calendar
from tests.support.use_cases import UseCases

NOTICE = "国务院办公厅关于2030年部分节假日安排的通知"


def fact(day: date, *, working: bool = False, source: str = NOTICE, name: str = "元旦") -> DayFact:
    return DayFact(day, working, name, source)


NEW_YEAR = (
    fact(date(2030, 1, 1)),
    fact(date(2030, 1, 2)),
    fact(date(2030, 1, 5), working=True),
)


def entered(use: UseCases) -> list[tuple[date, bool]]:
    rows = use(lambda services: calendar.all_days(services.session))
    return [(row.day, row.working) for row in rows]


def test_entered_days_count_at_once(use: UseCases) -> None:
    saturday = date(2030, 1, 5)
    assert not use(lambda services: services.calendar.current().is_working_day(saturday))
    assert use(lambda services: services.calendar.import_days(NEW_YEAR, "t")) == {2030: 3}
    assert use(lambda services: services.calendar.current().is_working_day(saturday))
    assert not use(lambda services: services.calendar.current().is_working_day(date(2030, 1, 2)))
    [act] = use(lambda services: audit.of_subject(services.session, "calendar"))
    assert act.detail == {"2030": 3}


def test_the_same_notice_again_is_the_same_calendar(use: UseCases) -> None:
    for _ in range(2):
        use(lambda services: services.calendar.import_days(NEW_YEAR, "t"))
    assert entered(use) == [(one.day, one.working) for one in NEW_YEAR]


def test_a_corrected_notice_forgets_what_it_said_before(use: UseCases) -> None:
    use(lambda services: services.calendar.import_days(NEW_YEAR, "t"))
    own = (fact(date(2030, 3, 8), source="办公室通知", name="本单位放假"),)
    use(lambda services: services.calendar.import_days(own, "t"))
    use.clock.set(use.clock.now().replace(hour=10))
    use(lambda services: services.calendar.import_days(NEW_YEAR[:1], "t"))
    assert entered(use) == [(date(2030, 1, 1), False), (date(2030, 3, 8), False)]
    assert not use(lambda s: s.calendar.current().is_working_day(date(2030, 1, 5)))


def test_a_later_paper_overrules_a_single_day(use: UseCases) -> None:
    use(lambda services: services.calendar.import_days(NEW_YEAR, "t"))
    use.clock.set(use.clock.now().replace(hour=10))
    change = (fact(date(2030, 1, 2), working=True, source="补充通知"),)
    use(lambda services: services.calendar.import_days(change, "t"))
    assert entered(use) == [
        (date(2030, 1, 1), False),
        (date(2030, 1, 2), True),
        (date(2030, 1, 5), True),
    ]
