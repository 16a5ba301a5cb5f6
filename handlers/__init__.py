"""What the bot understands when spoken to, one file a noun. The order is the priority."""

from handlers import (
    assignments,
    condition,
    conversation,
    progress,
    question,
    reminders,
    review,
    summary,
)

ROUTERS = (
    conversation.router,
    assignments.router,
    summary.router,
    condition.router,
    reminders.router,
    review.router,
    progress.router,
    question.router,
    conversation.rest,
)
