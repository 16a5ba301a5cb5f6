"""All tables in one metadata, for migrations and copies."""

from bot.storage import (
    assignments,
    audit,
    calendar,
    conversation,
    documents,
    inbox,
    outbox,
    people,
    progress,
    reminders,
    ticks,
    tokens,
    work_points,
)
from bot.storage.base import Base

MODULES = (
    assignments,
    audit,
    calendar,
    conversation,
    documents,
    inbox,
    outbox,
    people,
    progress,
    reminders,
    ticks,
    tokens,
    work_points,
)
METADATA = Base.metadata
