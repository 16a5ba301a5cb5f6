"""Removes what nobody will ask for again."""

from datetime import timedelta

from bot.scheduling.registry import Tick, job

KEPT = timedelta(days=30)
FINDINGS_KEPT = timedelta(days=90)
"""Far longer than any audit looks back: what was told once is not told again."""


@job(cron="41 3 * * *", grace=timedelta(hours=12), late="fold")
def tidy_ticks(tick: Tick) -> None:
    """Forget the runs of jobs that are a month old; the newest and the first one stay."""
    tick.services.upkeep.forget_ticks(before=tick.due - KEPT)


@job(cron="43 3 * * *", grace=timedelta(hours=12), late="fold")
def tidy_findings(tick: Tick) -> None:
    """Forget what the auditor found long ago."""
    tick.services.upkeep.forget_findings(before=tick.due - FINDINGS_KEPT)


@job(cron="47 * * * *", grace=timedelta(minutes=30), late="fold")
def tidy_nodes(tick: Tick) -> None:
    """Forget worker processes that gave no sign of life for a day."""
    tick.services.nodes.forget_dead()
