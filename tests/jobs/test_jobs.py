"""The jobs, run by the runner as in production, on both databases."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.storage.ticks import TickRow
from jobs import JOBS
from tests.support.office import Office


def count_ticks(office: Office) -> int:
    return office.bot.database.read(
        lambda session: session.scalar(select(func.count()).select_from(TickRow)) or 0
    )


def test_what_was_due_before_the_first_start_is_nobodys_reminder(office: Office) -> None:
    office.pass_time(office.clock.now() + timedelta(hours=2))
    assert office.person("fangshan").hears() == []


def test_a_bot_that_was_down_over_the_due_time_sends_it_the_same_day(office: Office) -> None:
    office.act()
    office.clock.set(datetime(2021, 8, 2, 15, 0, tzinfo=SHANGHAI))
    office.act()
    assert [text.split("】")[0] for text in office.person("fangshan").hears()] == ["【八一·报结果"]


def test_a_bot_that_was_down_for_days_marks_or_folds_what_it_missed(office: Office) -> None:
    office.act()
    office.clock.set(datetime(2021, 8, 3, 10, 0, tzinfo=SHANGHAI))
    office.act()
    [late] = office.person("fangshan").hears()
    assert late.startswith("【补发】【八一·报结果】")
    assert "当天" not in late


def test_a_greeting_that_was_missed_is_not_sent_a_day_late(office: Office) -> None:
    office.act()
    office.clock.set(datetime(2021, 8, 2, 8, 30, tzinfo=SHANGHAI))
    office.act()
    assert office.person("fangshan").hears() == []


def test_two_workers_remind_each_person_once(office: Office) -> None:
    office.act()
    other = office.bot.runner()
    other_delivery = office.bot.delivery()
    office.clock.set(datetime(2021, 8, 2, 9, 10, tzinfo=SHANGHAI))
    for runner in (office.runner, other):
        runner.pulse()
    for delivery in (office.delivery, other_delivery):
        delivery.drain()
    assert len(office.person("fangshan").hears()) == 1


def test_old_runs_are_forgotten_and_nothing_is_repeated(office: Office) -> None:
    office.act()
    office.pass_time(office.clock.now() + timedelta(days=3), step=timedelta(hours=6))
    office.person("fangshan").hears()
    kept = count_ticks(office)
    office.clock.set(office.clock.now() + timedelta(days=25))
    office.act()
    office.clock.set(office.clock.now() + timedelta(days=10))
    office.act()
    assert count_ticks(office) < kept + 6
    assert office.person("fangshan").hears() == []


def test_every_job_has_a_sentence_of_its_own() -> None:
    assert all((job.function.__doc__ or "").strip() for job in JOBS)
    assert len({job.name for job in JOBS}) == len(JOBS)
