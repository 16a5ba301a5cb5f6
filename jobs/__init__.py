"""What the bot does by the clock, one file a job."""

from jobs import plan_reminders, tidy

JOBS = (plan_reminders.plan_reminders, tidy.tidy_ticks)
