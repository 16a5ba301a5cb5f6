"""What every service has: the transaction it works in, its fellow services, the time."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from bot.services.all import Services


class Service:
    """Base of the services of one noun each."""

    def __init__(self, services: Services) -> None:
        self.all = services

    @property
    def session(self) -> Session:
        """The transaction."""
        return self.all.session

    @property
    def now(self) -> datetime:
        """The moment of this transaction, as the bot sees it."""
        return self.all.now

    @property
    def today(self) -> date:
        """The day as the bot sees it."""
        return self.now.date()
