"""Reminders on record: once for each rule, period and person."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.people import Role
from bot.storage import people, reminders
from bot.storage.database import Database
from bot.storage.reminders import Planned
from tests.support.use_cases import NOW


def add(
    session: Session,
    rule: str,
    period: str,
    userid: str = "linxian",
    subject: str = "point:11",
    due_at: datetime = NOW,
) -> bool:
    return bool(reminders.add(session, [Planned(rule, period, userid, subject, due_at)], NOW))


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


def test_many_reminders_are_recorded_at_once_and_the_known_ones_passed_over(
    database: Database,
) -> None:
    people = [f"u{number}" for number in range(2500)]
    planned = [Planned("chase", "1", person, "point:11", NOW) for person in people]
    database.run(lambda session: add(session, "chase", "1", "u7"))
    new = database.run(lambda session: reminders.add(session, planned, NOW))
    assert {one.userid for one in new} == {*people} - {"u7"}
    assert len({*new.values()}) == 2499
    assert database.run(lambda session: reminders.add(session, planned, NOW)) == {}


def test_who_has_no_reminder_yet_is_found(database: Database) -> None:
    def work(session: Session) -> list[list[str]]:
        people.save_unit(session, "临县", "县市区", None)
        [unit] = people.units(session)
        for userid in ("linxian", "fangshan", "gone", "xingxian"):
            people.save_person(session, userid, userid, unit, Role.CONTACT)
        people.save_person(session, "leader", "leader", unit, Role.LEADER)
        session.flush()
        people.set_active(session, "gone", active=False)
        add(session, "holiday", "2021", "fangshan")
        add(session, "holiday", "2020", "linxian")
        return [reminders.untold(session, Role.CONTACT, "holiday", "2021", most) for most in (9, 1)]

    assert database.run(work) == [["linxian", "xingxian"], ["linxian"]]


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
    def work(session: Session) -> dict[str, list[str]]:
        add(session, "deadline:near", "1", subject="assignment:1")
        add(session, "deadline:over", "2", subject="assignment:2")
        add(session, "holiday:八一:当天", "3", subject="holiday:八一:2021")
        add(session, "deadline:near", "4", subject="assignment:4", due_at=NOW + timedelta(1))
        add(session, "deadline:near", "5", "fangshan", subject="assignment:5")
        add(session, "deadline:near", "6", "xingxian", subject="assignment:6")
        people = ["linxian", "xingxian", "nobody"]
        return reminders.of_people_at(session, people, NOW, "deadline:")

    assert database.run(work) == {
        "linxian": ["assignment:1", "assignment:2"],
        "xingxian": ["assignment:6"],
    }


def test_what_is_known_since_a_moment(database: Database) -> None:
    def work(session: Session) -> set[tuple[str, str, str]]:
        add(session, "deadline:near", "old", due_at=NOW - timedelta(days=9))
        add(session, "deadline:near", "new")
        add(session, "chase", "new")
        return reminders.known(session, "deadline:", NOW - timedelta(days=1))

    assert database.run(work) == {("deadline:near", "new", "linxian")}
