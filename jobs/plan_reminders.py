"""Puts the reminders of the coming day and a half into the outbox."""

from datetime import timedelta

from bot.scheduling.registry import Tick, job


@job(cron="* * * * *", grace=timedelta(seconds=50), late="fold")
def plan_reminders(tick: Tick) -> None:
    """Queue what falls due soon; what is queued already stays as it is."""
    tick.services.reminders.plan(tick.now)
