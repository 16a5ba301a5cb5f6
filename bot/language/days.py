"""What reading Chinese dates needs to know of the calendar; `bot.domain.calendar` fits it."""

from datetime import date
from typing import Protocol


class Days(Protocol):
    """The office's calendar: working days by the official notices, holidays, lunar dates."""

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day` (adjusted working weekends included)."""
        ...

    def is_tentative(self, day: date) -> bool:
        """Whether `day` lies in a year without an official notice (放假调休通知)."""
        ...

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after (before, if negative) `day`; 0 is `day`."""
        ...

    def holiday(self, name: str, year: int) -> date | None:
        """Return the day itself: 八一, 春节 (初一), 清明, 国庆 …; None for an unknown name."""
        ...

    def holiday_break(self, name: str, year: int) -> tuple[date, date] | None:
        """Return the first and last day off around a statutory holiday; None if it has none."""
        ...

    def lunar(self, year: int, month: int, day: int) -> date | None:
        """Return the solar day of lunar `month`/`day` of lunar `year`; None if there is none."""
        ...
