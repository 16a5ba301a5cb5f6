"""The calendar as the office has it: shipped facts, its own entries, and a lunar almanac."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from borax.calendars.lunardate import InvalidLunarDateError, LunarDate, TermUtils

from bot.domain.calendar import Calendar, DayFact, years_with_notice
from bot.services.holiday_notice import read_notice, read_notice_file

__all__ = ["BoraxLunar", "build_calendar", "load_calendar", "read_notice", "read_notice_file"]


class BoraxLunar:
    """The almanac, 1900–2100; outside it every answer is None."""

    def solar(self, year: int, month: int, day: int) -> date | None:
        """Return the solar day of a lunar date (no leap months); None if there is none."""
        try:
            return LunarDate(year, month, day).to_solar_date()
        except InvalidLunarDateError:
            return None

    def solar_term(self, year: int, name: str) -> date | None:
        """Return the day of a solar term in `year`; None outside the almanac or if unknown."""
        try:
            return TermUtils.nth_term_day(year, term_name=name)
        except ValueError:
            return None


def load_calendar(path: Path, overrides: Sequence[DayFact] = ()) -> Calendar:
    """Return the calendar of the facts in `path` (`data/calendar.csv`).

    `overrides` are later entries, of an imported notice or of the office; they win, day by day.
    Raises InputError if the file cannot be read.
    """
    return build_calendar((*read_notice_file(path), *overrides))


def build_calendar(facts: Sequence[DayFact]) -> Calendar:
    """Return the calendar of these facts; of two facts about one day the later one wins."""
    by_day = {fact.day: fact for fact in facts}
    return Calendar(by_day.values(), years_with_notice(by_day.values()), BoraxLunar())
