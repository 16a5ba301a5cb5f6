"""What a queued message says when it goes: today's facts, or nothing if it is no longer needed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot.domain.people import Person, Role
from bot.outbox.composing import Unneeded
from bot.services.all import Services
from bot.services.chase_messages import ChaseMessages
from bot.services.deadline_messages import DeadlineMessages
from bot.services.holiday_messages import HolidayMessages
from bot.services.messages import Outcome, plain
from bot.services.notices import TEXT
from bot.services.planning import DEADLINE, HOLIDAY
from bot.services.reminders import CHASE
from bot.services.shared import Shared
from bot.storage import people
from bot.storage.outbox import Claimed


class ReminderComposer:
    """Prepares every kind of message that the services queue."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def gather(self, session: Session, rows: Sequence[Claimed]) -> None:
        """Read at once what these rows need, for the calls of `compose` with this session."""
        self._sheet(session).gather(rows)

    def compose(
        self,
        session: Session,
        kind: str,
        facts: dict[str, Any],
        touser: str,
        due_at: datetime,
    ) -> Outcome:
        """Return what to send, when to ask again, or why nothing is to be sent."""
        if kind == TEXT:
            return plain(facts["text"])
        return self._sheet(session).compose(kind, facts, touser)

    def _sheet(self, session: Session) -> "_Sheet":
        """What was read and written for one message of a transaction serves the next ones."""
        sheet: _Sheet | None = session.info.get(_Sheet)
        if sheet is None:
            sheet = session.info[_Sheet] = _Sheet(Services(session, self._shared))
        return sheet


class _Kind(Protocol):
    """The messages of one kind, within one transaction."""

    def gather(self, wanted: Sequence[tuple[dict[str, Any], str]]) -> None:
        """Read at once what messages with these facts to these people need."""

    def compose(self, facts: dict[str, Any], person: Person) -> Outcome:
        """Return what becomes of one message."""


class _Sheet:
    """Who the people are and what the messages say, within one transaction."""

    def __init__(self, services: Services) -> None:
        self._session = services.session
        self._people: dict[str, Person] = {}
        self._kinds: dict[str, _Kind] = {
            HOLIDAY: HolidayMessages(services),
            DEADLINE: DeadlineMessages(services),
            CHASE: ChaseMessages(services),
        }

    def gather(self, rows: Sequence[Claimed]) -> None:
        self._read_people([row.touser for row in rows if row.kind in self._kinds])
        for name, kind in self._kinds.items():
            kind.gather([(row.facts, row.touser.lower()) for row in rows if row.kind == name])

    def compose(self, kind: str, facts: dict[str, Any], touser: str) -> Outcome:
        account = touser.lower()
        if account not in self._people:
            self._read_people([account])
        person = self._people[account]
        if not person.known:
            return Unneeded("已不在名单")
        return self._kinds[kind].compose(facts, person)

    def _read_people(self, accounts: Sequence[str]) -> None:
        wanted = {account.lower() for account in accounts}
        found = people.of_accounts(self._session, wanted)
        self._people |= {
            account: found.get(account) or Person(account, "", Role.STRANGER) for account in wanted
        }
