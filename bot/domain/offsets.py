"""How far from a holiday a reminder lies: `前30天`, `节后第3个工作日`, `腊月二十三` … as data.

Each offset knows its phrase, by which the office reads and edits it, and finds its day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from bot.domain.calendar import Calendar, Shifted


@dataclass(frozen=True)
class Anchor:
    """A holiday in one year. `last` is its last day off, or the day itself without a break."""

    day: date
    last: date


class Offset(Protocol):
    """A way from the holiday to the day of a reminder."""

    @property
    def phrase(self) -> str:
        """The offset in the words of `data/holiday-rules.toml`."""
        ...

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the day meant, before any rolling back to a working day."""
        ...


@dataclass(frozen=True)
class TheDay:
    """The holiday itself."""

    @property
    def phrase(self) -> str:
        """当天."""
        return "当天"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the holiday; 暂定 as its year is, although the date stands."""
        return Shifted(anchor.day, calendar.is_tentative(anchor.day))


@dataclass(frozen=True)
class DaysBefore:
    """So many calendar days before the holiday."""

    count: int

    @property
    def phrase(self) -> str:
        """前30天."""
        return f"前{self.count}天"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the day counted back on the calendar."""
        return _plain(anchor.day - timedelta(days=self.count), calendar)


@dataclass(frozen=True)
class DaysAfter:
    """So many calendar days after the last day off."""

    count: int

    @property
    def phrase(self) -> str:
        """节后7天."""
        return f"节后{self.count}天"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the day counted on the calendar."""
        return _plain(anchor.last + timedelta(days=self.count), calendar)


@dataclass(frozen=True)
class WorkingDaysBefore:
    """So many working days before the holiday itself."""

    count: int

    @property
    def phrase(self) -> str:
        """前3个工作日."""
        return f"前{self.count}个工作日"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the working day; days off before the holiday don't count."""
        return calendar.shift(anchor.day, -self.count)


@dataclass(frozen=True)
class WorkingDaysAfter:
    """The n-th working day after the break; after the day itself where there is no break."""

    count: int

    @property
    def phrase(self) -> str:
        """节后第1个工作日."""
        return f"节后第{self.count}个工作日"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the working day; 暂定 also when the length of the break is."""
        found = calendar.shift(anchor.last, self.count)
        return Shifted(found.day, found.tentative or calendar.is_tentative(anchor.last))


@dataclass(frozen=True)
class LunarDay:
    """The last such lunar day up to the holiday: 腊月二十三 before 春节."""

    month: int
    day: int

    @property
    def phrase(self) -> str:
        """农历12月23日."""
        return f"农历{self.month}月{self.day}日"

    def find(self, anchor: Anchor, calendar: Calendar) -> Shifted:
        """Return the solar day; the holiday itself when the almanac has no such day."""
        years = (anchor.day.year, anchor.day.year - 1)
        days = [calendar.lunar(year, self.month, self.day) for year in years]
        before = max((day for day in days if day and day <= anchor.day), default=anchor.day)
        return _plain(before, calendar)


def _plain(day: date, calendar: Calendar) -> Shifted:
    return Shifted(day, calendar.is_tentative(day))
