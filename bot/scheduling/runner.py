"""Runs what is due, once, on one node, whatever crashes.

A run and its row in `ticks` are one transaction: a crash leaves neither, and another node, or
the next pulse, does it again. All moments here are in the bot's time.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.faultpoints import reached
from bot.scheduling.lateness import Run, choose, settled, unrecorded
from bot.scheduling.registry import Job, Sweep, Tick
from bot.services import Services
from bot.storage import ticks
from bot.storage.database import Database
from bot.storage.ticks import Failing, Missing

log = logging.getLogger(__name__)
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""How long a run that failed waits before each further try."""
HORIZON = timedelta(days=31)
"""A run that was missed longer ago helps nobody."""
_RETRIED_WITHIN = timedelta(days=1)

DueBetween = Callable[[str, datetime, datetime], list[datetime]]
"""Cron expression, after, until → the moments that match, `after` excluded, in order."""


class Runner:
    """The jobs and sweeps of one process; any number of processes may share the database."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        sweeps: Sequence[Sweep],
        make_services: Callable[[Session], Services],
        clock: Clock,
        due_between: DueBetween,
    ) -> None:
        """Raise ValueError for two jobs of one name or an impossible cron expression."""
        self.sweeps = tuple(sweeps)
        self._database = database
        self._jobs = {job.name: job for job in jobs}
        self._make_services = make_services
        self._clock = clock
        self._due_between = due_between
        if len(self._jobs) < len(jobs):
            raise ValueError("two jobs have the same name")
        now = clock.now()
        for job in jobs:
            due_between(job.cron, now, now)

    def pulse(self) -> None:
        """Run what has come due since the last recorded run of each job, and failed runs again.

        A job without any record begins now: nothing before is due.
        """
        now = self._clock.now()
        last_dues, failing = self._database.read(lambda session: self._look(session, now))
        for job in self._jobs.values():
            last = last_dues.get(job.name)
            if last is None:
                self._begin(job, now)
            else:
                for run in self._due(job, last, now):
                    self._run(job, run, now)
        for failed in failing:
            self._try_again(failed, now)

    def sweep(self, sweep: Sweep) -> None:
        """Do one round of a sweep."""
        now = self._clock.now()
        self._database.run(lambda session: sweep.function(self._tick(session, now, now)))

    def _look(self, session: Session, now: datetime) -> tuple[dict[str, datetime], list[Failing]]:
        return (
            ticks.last_dues(session, self._jobs, now),
            ticks.failing(session, self._jobs, now - _RETRIED_WITHIN, now),
        )

    def _due(self, job: Job, last: datetime, now: datetime) -> list[Run]:
        return choose(job, self._due_between(job.cron, max(last, now - HORIZON), now), now)

    def _begin(self, job: Job, now: datetime) -> None:
        def work(session: Session) -> None:
            if (tick_id := ticks.claim(session, job.name, now, now)) is not None:
                ticks.finish(session, tick_id, now, ticks.BEGUN)

        self._database.run(work)

    def _run(self, job: Job, run: Run, now: datetime) -> None:
        def work(session: Session) -> None:
            tick_id = ticks.claim(session, job.name, run.due, now)
            if tick_id is None:
                return
            reached("job.taken")
            if not run.skipped:
                job.function(self._tick(session, run.due, now))
            ticks.finish(session, tick_id, now, ticks.SKIPPED if run.skipped else ticks.DONE)
            reached("job.done")

        def note_failure(session: Session) -> None:
            if (tick_id := ticks.claim(session, job.name, run.due, now)) is not None:
                ticks.finish(session, tick_id, now, ticks.FAILED[0])

        reached("job.due")
        try:
            self._database.run(work)
            reached("job.committed")
        except Exception:
            log.exception("job %s due %s failed", job.name, run.due)
            self._database.run(note_failure)

    def _try_again(self, failed: Failing, now: datetime) -> None:
        job, number = self._jobs[failed.job], ticks.FAILED.index(failed.outcome)
        if now < failed.at + RETRIES[number]:
            return

        def work(session: Session) -> None:
            if ticks.change(session, failed.id, failed.outcome, ticks.DONE, now):
                job.function(self._tick(session, failed.due, now))

        outcome = (*ticks.FAILED, ticks.GIVEN_UP)[number + 1]
        try:
            self._database.run(work)
        except Exception:
            log.exception("job %s due %s: %s", job.name, failed.due, outcome)
            self._database.run(
                lambda session: ticks.change(session, failed.id, failed.outcome, outcome, now)
            )

    def _tick(self, session: Session, due: datetime, now: datetime) -> Tick:
        return Tick(
            due,
            now,
            self._make_services(session),
            lambda since: self._missing(session, max(since, now - HORIZON), now),
        )

    def _missing(self, session: Session, since: datetime, now: datetime) -> list[Missing]:
        known_before = ticks.last_dues(session, self._jobs, since)
        return [
            Missing(job.name, due)
            for job in self._jobs.values()
            for due in self._missing_of(
                session, job, since if job.name in known_before else None, now
            )
        ]

    def _missing_of(
        self, session: Session, job: Job, since: datetime | None, now: datetime
    ) -> list[datetime]:
        recorded = ticks.recorded(session, job.name, since)
        if since is None and not recorded:
            return []
        start = since or min(recorded)
        if job.late != "send":
            start = max({start, *recorded})
        return unrecorded(job, self._due_between(job.cron, start, settled(job, now)), recorded)
