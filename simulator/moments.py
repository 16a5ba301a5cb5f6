"""Named moments worth jumping to: the reminders before 八一 and 春节, and plain steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from simulator.clock import SHANGHAI
from simulator.working_days import NEW_YEARS, working_days

JUST_BEFORE = time(9, 6, 56)
"""Reminders go out at 09:07: one arrives a little before, and the bot has just started again."""
MORNING = time(9, 0)
START = datetime(2021, 7, 28, 9, 0, tzinfo=SHANGHAI)
"""The day on which the work points were issued; the story begins here."""


@dataclass(frozen=True)
class Moment:
    """A moment with the name that the page's button shows."""

    group: str
    name: str
    at: datetime

    def as_json(self) -> dict[str, str]:
        """Return what the page needs."""
        return {"group": self.group, "name": self.name, "at": self.at.isoformat()}


def moments(now: datetime) -> list[Moment]:
    """Return the next occurrence after `now` of each named moment, group by group."""
    now = now.astimezone(SHANGHAI)
    found = list(_steps(now))
    for group, days in (("八一", _army_days), ("春节", _spring_days)):
        earliest: dict[str, Moment] = {}
        for year in range(now.year, now.year + 3):
            for name, day in days(year):
                at = datetime.combine(day, JUST_BEFORE, tzinfo=SHANGHAI)
                if at > now:
                    earliest.setdefault(name, Moment(group, name, at))
        found += sorted(earliest.values(), key=lambda moment: moment.at)
    return found


def _steps(now: datetime) -> Iterator[Moment]:
    tomorrow = now.date() + timedelta(days=1)
    yield Moment("快进", "1 小时后", now + timedelta(hours=1))
    yield Moment("快进", "明天上午 9 点", datetime.combine(tomorrow, MORNING, tzinfo=SHANGHAI))
    yield Moment("快进", "一周后", now + timedelta(days=7))


def _army_days(year: int) -> Iterator[tuple[str, date]]:
    day = date(year, 8, 1)
    yield from _before("八一", day, (30, 20, 14, 10))
    yield "八一当天", day
    yield from _after(day)


def _spring_days(year: int) -> Iterator[tuple[str, date]]:
    day = NEW_YEARS.get(year)
    if day is None:
        return
    yield from _before("春节", day, (45, 42, 30, 10))
    yield "正月初一", day
    yield from _after(day)


def _before(name: str, day: date, counts: tuple[int, ...]) -> Iterator[tuple[str, date]]:
    """A day of rest gives way to the working day before it, as the reminders do."""
    days = working_days()
    for count in counts:
        yield f"{name}前 {count} 天", days.not_later(day - timedelta(days=count))
    yield f"{name}前三个工作日", days.before(day, 3)


def _after(day: date) -> Iterator[tuple[str, date]]:
    days = working_days()
    for count, spelled in ((1, "一"), (3, "三"), (5, "五")):
        yield f"节后第{spelled}个工作日", days.after(day, count)
