"""Which question of the bot a message can answer.

Messages of one person may overtake each other: WeCom delivers again what saw no answer, and a
message that failed is handled again later. Who wrote before the bot asked did not answer that
question; such a message is handled by itself and leaves the dialogue as it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.conversation.context import Reply
from bot.storage import conversation
from bot.texts import conversation as texts

_ASKED_AFTER = "asked after"
"""The key in the stored data: when the message was sent that made the bot ask."""
OVERTAKING = timedelta(minutes=5)
"""Far more than the seconds within which WeCom delivers again; beyond it a clock was set back."""


@dataclass(frozen=True)
class Waiting:
    """What the bot waits for when it handles a message, and what it remembered with that."""

    state: str = ""
    data: dict[str, Any] | None = None
    elsewhere: bool = False
    """Whether the person is in a dialogue that this message is no part of."""


def met(state: str, stored: dict[str, Any], sent_at: datetime | None) -> Waiting:
    """Return what a message of that moment meets; None is a message of now."""
    data = {name: value for name, value in stored.items() if name != _ASKED_AFTER}
    asked_after = stored.get(_ASKED_AFTER)
    if state and sent_at is not None and asked_after is not None:
        early = datetime.fromisoformat(asked_after) - sent_at
        if timedelta(0) < early <= OVERTAKING:
            return Waiting(elsewhere=True)
    return Waiting(state, data)


def remember(
    session: Session, userid: str, waiting: Waiting, reply: Reply, sent_at: datetime
) -> Reply:
    """Store what the bot waits for next, and return the reply to give.

    A reply that asks something while the person is in another dialogue would be answered with
    that one's words: the person is asked to send everything in one message instead.
    """
    if reply.state is None:
        return reply
    if waiting.elsewhere:
        return Reply(texts.say_in_one_message()) if reply.state else reply
    if not reply.state and not waiting.state:
        return reply  # nothing was pending and nothing is
    data = {**reply.data, _ASKED_AFTER: sent_at.isoformat()} if reply.state else {}
    conversation.save(session, userid, reply.state, data, sent_at)
    return reply
