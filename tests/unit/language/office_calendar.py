"""The shipped calendar, built from its table and a lunar almanac, for the tests of this folder."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate, TermUtils

from bot.domain.calendar import Calendar, DayFact, years_with_notice

_TABLE = Path(__file__).parents[3] / "data" / "calendar.csv"


class Almanac:
    """Lunar dates and solar terms, 1900–2100."""

    def solar(self, year: int, month: int, day: int) -> date | None:
        try:
            found: date = LunarDate(year, month, day).to_solar_date()
        except InvalidLunarDateError:
            return None
        return found

    def solar_term(self, year: int, name: str) -> date | None:
        found: date = TermUtils.nth_term_day(year, term_name=name)
        return found


@cache
def office_calendar() -> Calendar:
    """Return the calendar with every notice that the product ships."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = tuple(csv.DictReader(file))
    facts = tuple(_fact(row) for row in rows)
    return Calendar(facts, years_with_notice(facts), Almanac())


def _fact(row: dict[str, str]) -> DayFact:
    day = date.fromisoformat(row["日期"])
    return DayFact(day, row["上班或放假"] == "上班", row["节日"], row["依据"])
