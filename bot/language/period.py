"""Stretches of days, and which of several years a phrase without a year means."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, auto

from bot.language.days import Days

DAY = timedelta(days=1)


class Lean(Enum):
    """Which occurrence a phrase means: the next one, the most recent one, or the nearest one."""

    NEXT = auto()
    LAST = auto()
    NEAREST = auto()


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included.

    `flaw` says in Chinese why this occurrence does not exist; its days are then only near it.
    `note` is something the reader should be told. `open_ended` is a 后 without a last day.
    `feast` is the holiday that the day was named by. `reach` is the last day on which the phrase
    still speaks of this occurrence: 八一前一周 means this year's until 八一 is over.
    """

    first: date
    last: date
    tentative: bool = False
    flaw: str | None = None
    note: str | None = None
    open_ended: bool = False
    feast: str | None = None
    reach: date | None = None

    @property
    def until(self) -> date:
        """The last day on which this occurrence is still to come."""
        return max(self.last, self.reach or self.last)

    @property
    def single(self) -> bool:
        """Whether this is one day."""
        return self.first == self.last

    def on(self, day: date) -> "Period":
        """Return the same with `day` as its only day."""
        return replace(self, first=day, last=day)

    def span(self, first: date, last: date) -> "Period":
        """Return the same with other ends."""
        return replace(self, first=first, last=last)


@dataclass(frozen=True)
class Scene:
    """What a phrase is read against: the day it is said, the calendar, the holiday spoken of."""

    base: date
    days: Days
    holiday: str | None = None

    def years(self, word: str | None = None) -> tuple[int, ...]:
        """Return the years a phrase may lie in; more than one when it names none."""
        if word is None:
            return (self.base.year - 1, self.base.year, self.base.year + 1)
        return (self.base.year + _YEARS[word],) if word in _YEARS else (int(word),)


_YEARS = {
    "今年": 0,
    "本年": 0,
    "当年": 0,
    "本年度": 0,
    "今年度": 0,
    "去年": -1,
    "上年": -1,
    "前年": -2,
}
_YEARS |= {
    "明年": 1,
    "来年": 1,
    "次年": 1,
    "翌年": 1,
    "下年": 1,
    "后年": 2,
    "上一年": -1,
    "下一年": 1,
}


def single(day: date) -> Period:
    """Return the period of one day."""
    return Period(day, day)


def choose(candidates: Iterable[Period], base: date, lean: Lean) -> Period | None:
    """Return the occurrence that `lean` means, seen from `base`; None when there is none."""
    known = sorted(candidates, key=lambda period: period.first)
    if lean is Lean.NEXT:
        coming = [period for period in known if period.until >= base]
        return coming[0] if coming else (known[-1] if len(known) == 1 else None)
    if lean is Lean.LAST:
        gone = [period for period in known if period.first <= base]
        return gone[-1] if gone else (known[0] if len(known) == 1 else None)
    return min(
        known, key=lambda period: (_distance(period, base), period.first < base), default=None
    )


def _distance(period: Period, base: date) -> int:
    if period.first <= base <= period.last:
        return 0
    return min(abs((period.first - base).days), abs((period.last - base).days))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or that month's last day."""
    index = day.year * 12 + day.month - 1 + count
    end = month_end(index // 12, index % 12 + 1)
    return end.replace(day=min(day.day, end.day))


def monday(day: date, weeks: int = 0) -> date:
    """Return the Monday of the week `weeks` after the one `day` lies in."""
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def shifted(day: date, count: int, unit: str, days: Days) -> Period:
    """Return the day `count` units (日 工作日 周 月 年) after `day`, before it if negative."""
    if unit == "工作日":
        target = days.add_working_days(day, count)
        rough = days.is_tentative(target) or days.is_tentative(day)
        return Period(target, target, tentative=rough)
    if unit in _MONTHS:
        return single(add_months(day, count * _MONTHS[unit]))
    return single(day + timedelta(days=count * _DAYS[unit]))


_MONTHS = {"月": 1, "季度": 3, "年": 12}
_DAYS = {"日": 1, "周": 7, "半月": 15}
