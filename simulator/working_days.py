"""Which days offices work, from the shipped calendar of official notices (data/calendar.csv)."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "calendar.csv"
DAY = timedelta(days=1)

NEW_YEARS = {
    2021: date(2021, 2, 12),
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
}
"""正月初一 by year."""


class WorkingDays:
    """Counts working days. `special` says of unusual days whether they are worked."""

    def __init__(self, special: Mapping[date, bool]) -> None:
        self._special = special
        self._known_years = {day.year for day in special}

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`; a year without a notice gets its 春节 week assumed."""
        if day in self._special:
            return self._special[day]
        new_year = NEW_YEARS.get(day.year)
        if new_year and day.year not in self._known_years:
            assumed_off = new_year - DAY <= day <= new_year + 6 * DAY
            return day.weekday() < 5 and not assumed_off
        return day.weekday() < 5

    def before(self, day: date, count: int) -> date:
        """Return the `count`-th working day before `day`."""
        return self._count(day, count, -DAY)

    def after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`."""
        return self._count(day, count, DAY)

    def not_later(self, day: date) -> date:
        """Return `day`, or the working day before it when it is a day of rest."""
        return day if self.is_working(day) else self.before(day, 1)

    def _count(self, day: date, count: int, step: timedelta) -> date:
        while count:
            day += step
            count -= self.is_working(day)
        return day


@cache
def working_days() -> WorkingDays:
    """Return the shipped calendar; plain weeks when the file is not there."""
    try:
        rows = csv.DictReader(FILE.read_text(encoding="utf-8-sig").splitlines())
        special = {date.fromisoformat(row["日期"]): row["上班或放假"] == "上班" for row in rows}
    except (OSError, KeyError, ValueError):
        special = {}
    return WorkingDays(special)
