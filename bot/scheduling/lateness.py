"""Which of several due runs are run, when the bot was down or the clock jumped; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.scheduling.registry import Job

_UNDER_WAY = timedelta(minutes=5)
"""A run due so lately may be about to be done by some node."""


@dataclass(frozen=True)
class Run:
    """A due moment, and whether it is only noted as too late."""

    due: datetime
    skipped: bool = False


def choose(job: Job, due: Sequence[datetime], now: datetime) -> list[Run]:
    """Return what is to be done about these due moments, the oldest first.

    Within the job's grace everything is run. What is later: `send` runs each, `skip` only notes
    the newest, and `fold` lets the newest run of all stand for those before.
    """
    in_time = [Run(moment) for moment in due if now - moment <= job.grace]
    late = [moment for moment in due if now - moment > job.grace]
    if not late or (job.late == "fold" and in_time):
        return in_time
    if job.late == "send":
        return [*(Run(moment) for moment in late), *in_time]
    return [Run(late[-1], skipped=job.late == "skip"), *in_time]


def settled(job: Job, now: datetime) -> datetime:
    """Return up to when each run must be on record, by whichever node."""
    return now - max(job.grace, _UNDER_WAY)


def unrecorded(job: Job, due: Sequence[datetime], recorded: set[datetime]) -> list[datetime]:
    """Return which of these due moments should have a row and have none.

    One run of a job that folds or skips stands for all before it.
    """
    if job.late == "send":
        return [moment for moment in due if moment not in recorded]
    return list(due[-1:])
