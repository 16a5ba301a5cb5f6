"""What the kinds of reminders have in common when they are written."""

from datetime import date

from bot.outbox import reasons
from bot.outbox.composing import Composed, Deferred, Unneeded
from bot.services.base import Service
from bot.services.notices import parts
from bot.services.request_card import request_card

Outcome = Composed | Deferred | Unneeded
ANSWERED = Unneeded("已答复")
FOLDED = Unneeded(reasons.FOLDED)
LAPSED = Unneeded(reasons.LAPSED)


class Messages(Service):
    """Messages of one kind within one transaction; equal ones are written once."""

    def request(self, number: int, text: str, day: date) -> Composed:
        """Return a request for a report: a card where the office wants cards, else plain text."""
        if not self.all.shared.settings.wecom.cards:
            return plain(text)
        return Composed((request_card(number, text, day),))


def plain(text: str) -> Composed:
    """Return a text, in parts if it is long."""
    return Composed(tuple({"msgtype": "text", "text": {"content": part}} for part in parts(text)))
