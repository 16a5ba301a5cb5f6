"""Whether news of a person's coming or going is older than what is known."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation.dialogue import OVERTAKING
from bot.conversation.incoming import Incoming, Kind
from bot.storage import inbox
from bot.wecom import messages

KINDS = (Kind.CAME, Kind.LEFT)


def overtaken(session: Session, incoming: Incoming, now: datetime) -> bool:
    """Whether WeCom said later, but was heard before, that the person came or left.

    Who left and came back within seconds would else be taken for gone when the first event had
    to be delivered again.
    """
    if incoming.kind not in KINDS or incoming.sent_at is None:
        return False
    lately = inbox.handled_between(session, incoming.userid, KINDS, now - OVERTAKING, now)
    return any(messages.parse(row.plaintext).created_at > incoming.sent_at for row in lately)
