"""The office's calendar: working days, holidays and lunar dates, with what is still 暂定.

It computes from facts given to it (the State Council's notices, entries of the office) and an
almanac; it reads no file and imports no library. It fits `bot.language.days.Days`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.holidays import RULES, STATUTORY, WITH_A_BREAK, LunarConverter, canonical
from bot.errors import InputError

MOST_WORKING_DAYS = 3000
"""The furthest count, about twelve years; more is a slip of the finger."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_TAIL = (12, 29)
"""From this day on, December's working days are set by the next year's notice (e.g. 2018-12-29)."""

_ALWAYS_NAMED = frozenset({"元旦", "春节", "劳动节", "国庆节"})
_NAMED_SINCE_2008 = frozenset({"清明节", "端午节", "中秋节"})


@dataclass(frozen=True)
class DayFact:
    """One day that an authority set: off or worked, for which holiday, by which paper."""

    day: date
    working: bool
    name: str
    source: str


@dataclass(frozen=True)
class Shifted:
    """A counted day. `tentative`: a day on the way lies in a year without a notice (暂定)."""

    day: date
    tentative: bool


def years_with_notice(facts: Iterable[DayFact]) -> frozenset[int]:
    """Return the years whose facts name a day off for every holiday that a notice must set.

    A few single days entered by hand are no notice: the rest of that year stays 暂定.
    清明, 端午 and 中秋 became days off in 2008.
    """
    named: dict[int, set[str]] = {}
    for fact in facts:
        if not fact.working:
            named.setdefault(fact.day.year, set()).update(_holidays_of(fact.name))
    return frozenset(year for year, names in named.items() if required_names(year) <= names)


def required_names(year: int) -> frozenset[str]:
    """Return the holidays for which that year's notice must name days off."""
    return _ALWAYS_NAMED if year < 2008 else _ALWAYS_NAMED | _NAMED_SINCE_2008


def _holidays_of(name: str) -> set[str]:
    parts = name.replace("和", "、").split("、")
    return {canonical(part) or part for part in parts}


class Calendar:
    """Answers by facts first, then by the statute; `years` are those with an official notice."""

    def __init__(
        self, facts: Iterable[DayFact], years: Collection[int], lunar: LunarConverter
    ) -> None:
        self._facts = {fact.day: fact for fact in facts}
        self._years = frozenset(years)
        self._lunar = lunar
        self._by_statute: dict[int, frozenset[date]] = {}

    def fact(self, day: date) -> DayFact | None:
        """Return what an authority set for `day`, to be shown as the reason."""
        return self._facts.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day` (adjusted working weekends included)."""
        fact = self._facts.get(day)
        if fact is not None:
            return fact.working
        if day.weekday() >= _SATURDAY:
            return False
        return day.year in self._years or day not in self._days_off_by_statute(day.year)

    def is_tentative(self, day: date) -> bool:
        """Whether the notice that rules `day` is still missing.

        The last days of December belong to the next year's notice, which may move 元旦 there.
        """
        if day.year not in self._years:
            return True
        return (day.month, day.day) >= _TAIL and day.year + 1 not in self._years

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after (before, if negative) `day`; 0 is `day`.

        Raises InputError when the count or the day reached is out of all reason.
        """
        return self.shift(day, count).day

    def shift(self, day: date, count: int) -> Shifted:
        """Count working days as `add_working_days` does and say whether the result is 暂定.

        Every day passed counts as looked at; `day` itself does not.
        """
        if abs(count) > MOST_WORKING_DAYS:
            raise InputError(f"工作日数目太大，请控制在 {MOST_WORKING_DAYS} 个以内。")
        step = _DAY if count > 0 else -_DAY
        tentative = False
        left = abs(count)
        while left:
            day = _move(day, step)
            tentative = tentative or self.is_tentative(day)
            left -= self.is_working_day(day)
        return Shifted(day, tentative)

    def roll_back(self, day: date) -> Shifted:
        """Return `day` if offices work on it, else the last working day before it."""
        if self.is_working_day(day):
            return Shifted(day, self.is_tentative(day))
        before = self.shift(day, -1)
        return Shifted(before.day, before.tentative or self.is_tentative(day))

    def holiday(self, name: str, year: int) -> date | None:
        """Return the day itself: 八一, 春节 (初一), 清明, 国庆 …; None for an unknown name."""
        known = canonical(name)
        if known is None or not 1 <= year <= 9999:
            return None
        return RULES[known](year, self._lunar)

    def holiday_break(self, name: str, year: int) -> tuple[date, date] | None:
        """Return the first and last day off around a statutory holiday; None if it has none.

        Weekends that touch the days off belong to the break, as people live it.
        """
        day = self.holiday(name, year)
        if day is None or canonical(name) not in WITH_A_BREAK or self.is_working_day(day):
            return None
        return self._last_day_off(day, -_DAY), self._last_day_off(day, _DAY)

    def lunar(self, year: int, month: int, day: int) -> date | None:
        """Return the solar day of lunar `month`/`day` of lunar `year`; None if there is none."""
        return self._lunar.solar(year, month, day)

    def _last_day_off(self, day: date, step: timedelta) -> date:
        while not self.is_working_day(_move(day, step)):
            day = _move(day, step)
        return day

    def _days_off_by_statute(self, year: int) -> frozenset[date]:
        if year not in self._by_statute:
            self._by_statute[year] = frozenset(
                first + _DAY * later
                for name, length in STATUTORY.items()
                if (first := self.holiday(name, year))
                for later in range(length)
            )
        return self._by_statute[year]


def _move(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise InputError("日期超出了可推算的范围。")
