"""How a row becomes what the person reads, at the time of sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from sqlalchemy.orm import Session

from bot.storage.outbox import Claimed


@dataclass(frozen=True)
class Composed:
    """What one person gets: one message, or several in order when a text had to be split.

    A message is WeCom's request without recipients, for example
    `{"msgtype": "text", "text": {"content": "…"}}`.
    """

    messages: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Deferred:
    """Not now: ask again at `until` (the bot's time)."""

    until: datetime


@dataclass(frozen=True)
class Unneeded:
    """Not any more; the office can read the reason."""

    reason: str


class Composer(Protocol):
    """Renders a message with today's facts."""

    def compose(
        self,
        session: Session,
        kind: str,
        facts: dict[str, Any],
        touser: str,
        due_at: datetime,
    ) -> Composed | Deferred | Unneeded:
        """Return what to send; `session` only reads.

        `due_at` is when the row became due, or when it was last put off to.
        """


@runtime_checkable
class Gathering(Protocol):
    """A composer that is quicker when it reads at once what many messages need."""

    def gather(self, session: Session, rows: Sequence[Claimed]) -> None:
        """Read what these rows need, for the calls of `compose` with the same session."""
