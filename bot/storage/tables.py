"""All tables in one metadata, for migrations and copies."""

# Each module declares its tables when it is imported; nothing else is wanted of them here.
from bot.storage import (  # noqa: F401
    assignments,
    audit,
    calendar,
    conversation,
    documents,
    findings,
    inbox,
    nodes,
    outbox,
    people,
    progress,
    reminders,
    ticks,
    tokens,
    work_points,
)
from bot.storage.base import Base

METADATA = Base.metadata
