"""When reminders are due: holiday stages and deadlines, as rules that are data.

Everything here is computed from the arguments, so that a whole year can be listed and tested.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import SHANGHAI
from bot.domain.busy import off_busy
from bot.domain.calendar import Calendar, Shifted
from bot.domain.offsets import Anchor, Offset

STALE = timedelta(days=15)
"""A message later than this would only puzzle its reader; it is dropped."""


class Audience(StrEnum):
    """Who gets a stage's message; the values are what `calendar --json` prints."""

    CONTACTS = "全体联络员"
    WITHOUT_PLAN = "未报计划的联络员"
    WITHOUT_RESULT = "未报结果的联络员"
    OFFICE = "双拥办"


class Roll(StrEnum):
    """What happens when the day found is a day off."""

    BACK = "提前"
    STAY = "照发"


class Late(StrEnum):
    """What happens to a message that could not go on its day (the bot was down).

    SEND: as it is, in the next working hours. FOLD: the same, but only until the next message of
    the series is due, which then speaks for both: two pleas on one morning are one too many.
    MARK: as FOLD, and the text says 补发, where the date is part of the request. DROP: never; a
    greeting that comes a day late is worse than none.
    """

    SEND = "照发"
    FOLD = "并入下一条"
    MARK = "补发"
    DROP = "作废"


class Verdict(StrEnum):
    """What to do with a planned message now."""

    WAIT = "等待"
    SEND = "发送"
    MARK = "补发"
    FOLD = "并入"
    DROP = "作废"


@dataclass(frozen=True)
class Quiet:
    """The hours in which nothing is sent: before `opens` and from `closes` on, office time."""

    opens: time = time(8, 0)
    closes: time = time(20, 0)
    zone: ZoneInfo = SHANGHAI

    def moment(self, day: date, at: time, occasion: str = "") -> datetime:
        """Return `at` on `day`, moved into the waking hours of the same day, off busy minutes."""
        last = (datetime.combine(day, self.closes) - timedelta(minutes=1)).time()
        return self._off_busy(
            datetime.combine(day, min(max(at, self.opens), last), tzinfo=self.zone), occasion
        )

    def _off_busy(self, moment: datetime, occasion: str) -> datetime:
        later = off_busy(moment, occasion)
        return later if self.awake(later) else moment

    def awake(self, now: datetime) -> bool:
        """Whether a message may go at `now`."""
        return self.opens <= now.astimezone(self.zone).time() < self.closes

    def next_awake(
        self, now: datetime, calendar: Calendar | None = None, occasion: str = ""
    ) -> datetime:
        """Return `now` if a message may go, else the next opening; on a working day of `calendar`.

        Without a calendar days off count too: somebody who acts on a Sunday wants it done. What
        waits for the opening goes a few minutes after it, so as not to meet a busy minute.
        """
        here = now.astimezone(self.zone)
        if self.awake(here) and (calendar is None or calendar.is_working_day(here.date())):
            return here
        later = here.time() >= self.opens
        day = here.date() + timedelta(days=1) if later else here.date()
        while calendar is not None and not calendar.is_working_day(day):
            day += timedelta(days=1)
        return self._off_busy(datetime.combine(day, self.opens, tzinfo=self.zone), occasion)


@dataclass(frozen=True)
class Stage:
    """One message of a holiday's series."""

    name: str
    when: Offset
    audience: Audience
    at: time
    roll: Roll
    late: Late


@dataclass(frozen=True)
class HolidayRule:
    """A holiday's series of messages, about `topic`, which belongs to work point `point`."""

    holiday: str
    point: int
    topic: str
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Occurrence:
    """A stage in one year. `tentative` (暂定): the day lies in or was counted through a year
    without an official notice."""

    holiday: str
    holiday_date: date
    stage: str
    at: datetime
    audience: Audience
    tentative: bool
    late: Late


def occurrences(
    rule: HolidayRule, year: int, calendar: Calendar, quiet: Quiet
) -> tuple[Occurrence, ...]:
    """Return the messages for the holiday that falls in `year`, in the order they are sent.

    The first ones may lie in the year before (春节). Empty where the almanac ends.
    """
    day = calendar.holiday(rule.holiday, year)
    if day is None:
        return ()
    days_off = calendar.holiday_break(rule.holiday, year)
    anchor = Anchor(day, days_off[1] if days_off else day)
    found = (_occurrence(rule, stage, anchor, calendar, quiet) for stage in rule.stages)
    return tuple(sorted(found, key=lambda occurrence: occurrence.at))


def _occurrence(
    rule: HolidayRule, stage: Stage, anchor: Anchor, calendar: Calendar, quiet: Quiet
) -> Occurrence:
    found = _rolled(stage.when.find(anchor, calendar), stage.roll, calendar)
    return Occurrence(
        holiday=rule.holiday,
        holiday_date=anchor.day,
        stage=stage.name,
        at=quiet.moment(found.day, stage.at, f"{rule.holiday}:{stage.name}"),
        audience=stage.audience,
        tentative=found.tentative,
        late=stage.late,
    )


def _rolled(found: Shifted, roll: Roll, calendar: Calendar) -> Shifted:
    if roll is Roll.STAY:
        return found
    rolled = calendar.roll_back(found.day)
    return Shifted(rolled.day, rolled.tentative or found.tentative)


@dataclass(frozen=True)
class DueStep:
    """One reminder of a deadline. `working_days` after it; negative is before, 0 is the day."""

    name: str
    working_days: int
    late: Late = Late.FOLD


@dataclass(frozen=True)
class Ladder:
    """The reminders of one task, all at the same time of day."""

    steps: tuple[DueStep, ...]
    at: time = time(9, 7)


DEFAULT_LADDER = Ladder(
    (
        DueStep("临期", -3),
        DueStep("到期", 0),
        *(DueStep("逾期", days) for days in (1, 6, 11, 16, 21, 26)),
    )
)
"""Once before, once on the day, once right after, then weekly in working days for about five weeks.

Then it is for the office to call: a contact already has dozens of groups (practice.md C4).
"""


@dataclass(frozen=True)
class DueMoment:
    """One reminder of one deadline, to those who still owe the task."""

    step: str
    at: datetime
    tentative: bool
    late: Late


def due_moments(
    deadline: date, calendar: Calendar, ladder: Ladder = DEFAULT_LADDER, quiet: Quiet | None = None
) -> tuple[DueMoment, ...]:
    """Return the reminders of a task due on `deadline`, in the order they are sent.

    All fall on working days: a deadline on a Sunday is recalled on the Friday before it.
    """
    hours = quiet or Quiet()
    return tuple(_due(deadline, calendar, ladder, hours))


def _due(deadline: date, calendar: Calendar, ladder: Ladder, quiet: Quiet) -> Iterator[DueMoment]:
    for step in sorted(ladder.steps, key=lambda step: step.working_days):
        found = _step_day(deadline, step.working_days, calendar)
        yield DueMoment(
            step.name, quiet.moment(found.day, ladder.at, step.name), found.tentative, step.late
        )


def _step_day(deadline: date, working_days: int, calendar: Calendar) -> Shifted:
    if working_days == 0:
        return calendar.roll_back(deadline)
    return calendar.shift(deadline, working_days)


class Planned(Protocol):
    """A message with its moment and what to do when it is late."""

    @property
    def at(self) -> datetime:
        """The moment planned, with its zone."""
        ...

    @property
    def late(self) -> Late:
        """What happens when that day has passed."""
        ...


def verdict(
    planned: Planned, following: datetime | None, now: datetime, calendar: Calendar, quiet: Quiet
) -> Verdict:
    """Decide about an unsent message at `now`; `following` is when the series' next one is due.

    On its own day it simply goes, within waking hours. Later its policy rules, and it waits for
    a working day. Nothing goes more than `STALE` after its time.
    """
    if now < planned.at:
        return Verdict.WAIT
    today = now.astimezone(quiet.zone).date()
    if today == planned.at.astimezone(quiet.zone).date():
        return Verdict.SEND if quiet.awake(now) else Verdict.WAIT
    if planned.late is Late.DROP or now - planned.at > STALE:
        return Verdict.DROP
    if planned.late is not Late.SEND and following is not None and following <= now:
        return Verdict.FOLD
    if not (quiet.awake(now) and calendar.is_working_day(today)):
        return Verdict.WAIT
    return Verdict.MARK if planned.late is Late.MARK else Verdict.SEND
