"""What the bot does by the clock: jobs at set times, sweeps and chores again and again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bot.storage.ticks import Missing

if TYPE_CHECKING:
    from bot.services import Services

Late = Literal["fold", "send", "skip"]
"""What becomes of a run that is later than the grace: all of them become one, each is still run,
or none is."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBERS = re.compile(r"\*(/\d+)?|\d+(-\d+)?(/\d+)?(,\d+(-\d+)?(/\d+)?)*")


@dataclass(frozen=True)
class Tick:
    """One run: when it was due, what time it is (both in the bot's time), and what it may use.

    Everything that is done through `services` is one transaction.
    """

    due: datetime
    now: datetime
    services: Services
    missing: Callable[[datetime], list[Missing]] = lambda _since: []
    """The runs due since a moment, of whatever job, that are not on record and will not be run."""


Action = Callable[[Tick], object]


@dataclass(frozen=True)
class Job:
    """Something that is done once at each moment of `cron`, on one node only."""

    function: Action
    name: str
    cron: str
    grace: timedelta
    late: Late


@dataclass(frozen=True)
class Sweep:
    """Something that is done again and again, in one transaction each time, on every node."""

    function: Action
    name: str
    every: timedelta


@dataclass(frozen=True)
class Chore:
    """Something that is done again and again and makes its own transactions, such as sending."""

    run: Callable[[], object]
    name: str
    every: timedelta


def job(*, cron: str, grace: timedelta, late: Late) -> Callable[[Action], Job]:
    """Make a job of a function that takes a `Tick`.

    `cron` has five fields: minute, hour, day, month, weekday; a run must match all of them.
    Weekdays are written by name (`mon-fri`), because programs disagree on which day 1 is; a digit
    there raises ValueError.
    """
    _check(cron)
    return lambda function: Job(function, _name(function), cron, grace, late)


def sweep(*, every: timedelta) -> Callable[[Action], Sweep]:
    """Make a sweep of a function that takes a `Tick`; it must be harmless to repeat."""
    return lambda function: Sweep(function, _name(function), every)


def _check(cron: str) -> None:
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"cron {cron!r} must have five fields")
    for field in fields[:4]:
        if not _NUMBERS.fullmatch(field):
            raise ValueError(f"cron {cron!r}: cannot read {field!r}")
    if fields[4] != "*":
        for part in fields[4].split(","):
            _check_days(cron, part)


def _check_days(cron: str, part: str) -> None:
    first, _, last = part.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS:
        raise ValueError(f"cron {cron!r}: weekdays are written mon to sun, not {part!r}")
    if _DAYS.index(last or first) < _DAYS.index(first):
        raise ValueError(f"cron {cron!r}: a week runs from mon to sun, unlike {part!r}")


def _name(function: Action) -> str:
    return str(getattr(function, "__name__", function))
