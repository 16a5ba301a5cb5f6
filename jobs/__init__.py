"""What the bot does by the clock, one file a job."""

from jobs import audit, plan_reminders, tidy

JOBS = (
    plan_reminders.plan_reminders,
    tidy.tidy_ticks,
    tidy.tidy_findings,
    tidy.tidy_nodes,
    audit.audit,
)
"""In the order in which they are run; the audit sees what the others did."""
