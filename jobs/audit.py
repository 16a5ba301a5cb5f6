"""Counts what should have happened and did not, repairs it once, and tells the office."""

from datetime import timedelta

from bot.scheduling.registry import Tick, job


@job(cron="3-59/10 * * * *", grace=timedelta(minutes=9), late="fold")
def audit(tick: Tick) -> None:
    """Look at everything that was due since the last audit; say nothing when all is well."""
    tick.services.audit.run(tick.due, tick.missing)
