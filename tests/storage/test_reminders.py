"""Reminders on record: once for each rule, period and person."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.storage import reminders
from bot.storage.database import Database
from tests.support.use_cases import NOW


def add(
    session: Session,
    rule: str,
    period: str,
    userid: str = "linxian",
    subject: str = "point:11",
    due_at: datetime = NOW,
) -> bool:
    number = reminders.add(
        session, rule=rule, period=period, userid=userid, subject=subject, due_at=due_at, now=NOW
    )
    return number is not None


def test_a_person_is_reminded_once_for_each_rule_and_period(database: Database) -> None:
    wanted = [
        ("chase", "1", "linxian"),
        ("chase", "1", "linxian"),
        ("chase", "1", "fangshan"),
        ("chase", "2", "linxian"),
        ("holiday:八一:报结果", "1", "linxian"),
    ]
    new = database.run(lambda session: [add(session, *one) for one in wanted])
    assert new == [True, False, True, True, True]
    told = database.read(lambda session: reminders.told(session, "chase", "1"))
    assert told == {"linxian", "fangshan"}


def test_rounds_are_counted_by_subject(database: Database) -> None:
    def work(session: Session) -> list[int]:
        add(session, "chase", "a:1")
        add(session, "chase", "a:1", "fangshan")
        add(session, "chase", "a:2")
        add(session, "chase", "b:1", subject="point:9")
        add(session, "deadline:near", "x")
        return [reminders.periods(session, "chase", f"point:{n}") for n in (11, 9, 20)]

    assert database.run(work) == [2, 1, 0]


def test_what_falls_on_one_moment_is_found_together(database: Database) -> None:
    def work(session: Session) -> list[str]:
        add(session, "deadline:near", "1", subject="assignment:1")
        add(session, "deadline:over", "2", subject="assignment:2")
        add(session, "holiday:八一:当天", "3", subject="holiday:八一:2021")
        add(session, "deadline:near", "4", subject="assignment:4", due_at=NOW + timedelta(1))
        add(session, "deadline:near", "5", "fangshan", subject="assignment:5")
        return reminders.of_person_at(session, "linxian", NOW, "deadline:")

    assert database.run(work) == ["assignment:1", "assignment:2"]


def test_what_is_known_since_a_moment(database: Database) -> None:
    def work(session: Session) -> set[tuple[str, str, str]]:
        add(session, "deadline:near", "old", due_at=NOW - timedelta(days=9))
        add(session, "deadline:near", "new")
        add(session, "chase", "new")
        return reminders.known(session, "deadline:", NOW - timedelta(days=1))

    assert database.run(work) == {("deadline:near", "new", "linxian")}
