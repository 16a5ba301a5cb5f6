"""A city of many units, each with one contact, and one office that asks them all."""

from bot.app import Bot
from bot.services import assignments_file, roster_file
from bot.services.tables import Table, parse_table
from bot.settings import DatabasePart, Settings
from simulator.people import Person
from tests.support.plan import plan_2021

OFFICE = "bangongshi"
POINTS = range(2, 12)
"""What the units have parts in; point 11 is what the holidays' reminders are about."""


def people(units: int) -> list[Person]:
    """Return the contacts u1, u2 …, and the office."""
    contacts = [
        Person(f"u{number}", f"联{number}", f"单位{number}", "联络员")
        for number in range(1, units + 1)
    ]
    return [*contacts, Person(OFFICE, "办小文", "双拥办", "双拥办")]


def enter(url: str, units: int) -> None:
    """Import the plan, the people, and each unit's part in one of `POINTS` in turn."""
    roster = [
        f"{person.unit},成员单位,,{person.name},{person.userid},{person.role}"
        for person in people(units)
    ]
    split = [f"{point_of(number)},,单位{number},,," for number in range(1, units + 1)]
    bot = Bot(Settings(database=DatabasePart(url=url)))
    bot.database.run(
        lambda session: (
            bot.make_services(session).work_points.import_plan(plan_2021(), "test"),
            bot.make_services(session).people.import_roster(
                _table(roster_file.COLUMNS, roster), "test"
            ),
        )
    )
    bot.database.run(
        lambda session: bot.make_services(session).assignments.import_table(
            _table(assignments_file.COLUMNS, split), "test"
        )
    )
    bot.close()


def point_of(number: int) -> int:
    """Return the point that this unit takes part in."""
    return POINTS[number % len(POINTS)]


def _table(columns: tuple[str, ...], rows: list[str]) -> Table:
    return parse_table("test.csv", "\n".join([",".join(columns), *rows]).encode(), columns)
