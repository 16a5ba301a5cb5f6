# mypy: disable-error-code="no-untyped-call"
# (APScheduler has no types; nothing of it leaves this module)
"""APScheduler as an alarm clock, and as the reader of cron expressions; nothing more.

It keeps no jobs of ours: its job store must not be shared and drops runs that are late. What is
due is decided by the runner from the database.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.clock import Clock
from bot.scheduling.registry import Chore
from bot.scheduling.runner import Runner

log = logging.getLogger(__name__)
REST = 10.0
"""Seconds without an alarm after one that failed, so that a database that is down is no flood."""
_GRACE = 60
"""Seconds that an alarm may ring late, say after the machine was asleep; several become one."""
_TINY = timedelta(microseconds=1)
_MACHINE = Clock()


def next_due(cron: str, after: datetime, zone: tzinfo) -> datetime | None:
    """Return the first moment after `after` that matches, read in `zone`; None if there is none.

    An impossible expression raises ValueError.
    """
    found: datetime | None = _trigger(cron, zone).get_next_fire_time(None, after + _TINY)
    return found


def due_between(cron: str, after: datetime, until: datetime) -> list[datetime]:
    """Return the matching moments after `after` up to `until`, in the zone of `until`."""
    assert until.tzinfo is not None
    found: list[datetime] = []
    moment = next_due(cron, after, until.tzinfo)
    while moment is not None and moment <= until:
        found.append(moment)
        moment = next_due(cron, moment, until.tzinfo)
    return found


class Scheduler:
    """Rings for the runner's pulse, for each of its sweeps and for each chore, until stopped."""

    def __init__(
        self,
        runner: Runner,
        pulse: timedelta = timedelta(seconds=1),
        chores: Sequence[Chore] = (),
        done: Callable[[str], object] = lambda _name: None,
    ) -> None:
        """`done` hears the name of each chore, `pulse` among them, after a round without error."""
        alarms = (
            Chore(runner.pulse, "pulse", pulse),
            *(Chore(partial(runner.sweep, item), item.name, item.every) for item in runner.sweeps),
            *chores,
        )
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(len(alarms))}
        )
        for chore in alarms:
            self._scheduler.add_job(
                Alarm(chore, done=done),
                "interval",
                seconds=chore.every.total_seconds(),
                name=chore.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=_GRACE,
            )

    def start(self) -> None:
        """Begin to ring, in threads of its own."""
        # A round that outlasts its interval is normal here, and no reason for a line a second.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more, and wait for what is under way."""
        self._scheduler.shutdown(wait=True)


class Alarm:
    """What is done when it rings. A failure is logged, and then it rests for `REST` seconds."""

    def __init__(
        self,
        chore: Chore,
        monotonic: Callable[[], float] = _MACHINE.monotonic,
        done: Callable[[str], object] = lambda _name: None,
    ) -> None:
        self._chore = chore
        self._monotonic = monotonic
        self._done = done
        self._rests_until = monotonic()

    def __call__(self) -> None:
        """Ring."""
        if self._monotonic() < self._rests_until:
            return
        try:
            self._chore.run()
            self._done(self._chore.name)
        except Exception:
            log.exception("%s failed", self._chore.name)
            self._rests_until = self._monotonic() + REST


@cache
def _trigger(cron: str, zone: tzinfo) -> CronTrigger:
    trigger: CronTrigger = CronTrigger.from_crontab(cron, timezone=zone)
    return trigger
