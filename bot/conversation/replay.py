"""Handling again what a bug kept from being handled, after the fix.

Each message goes the way of a callback, in a transaction of its own, as of the moment it arrived:
昨天, a deadline and the report that 更正 means are those of then, and it meets the question that
it met then. What happened since is not overturned:

- The person sent the same words again and those were handled: the row is closed as superseded,
  and the person is told so. Nothing is booked, chased or decided twice.
- The unit has reported again on the task: the report is kept, but the newer one counts.
- 更正 or 撤回, and the person changed their reports since; a report, 销号 or 退回, and the office
  decided or the unit reported since: refused with the reason, so that a person decides.
- The person is in another dialogue by now: it goes on, and nothing is asked in between.

The answer goes out as a push that names the message it answers. A message that fails once more
stays as it is.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversation import presence
from bot.conversation.context import Reply
from bot.conversation.dialogue import Waiting, met
from bot.conversation.dispatcher import Dispatcher, MakeServices
from bot.conversation.filters import plain
from bot.conversation.incoming import Incoming, Kind, from_wecom
from bot.errors import BotError
from bot.storage import arrival, audit, inbox, people
from bot.storage.database import Database, DBAPIError, is_transient
from bot.storage.inbox import InboxRow
from bot.texts import inbox as texts
from bot.wecom import messages
from bot.wecom.rejection import CallbackRejected

log = logging.getLogger(__name__)
_SPOKEN = (Kind.WORDS, Kind.CLICK)


class Outcome(StrEnum):
    """What became of one message."""

    HANDLED = "handled"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    TAKEN = "taken"
    """Somebody else replays it, or did so in the meantime."""


@dataclass(frozen=True)
class Failed:
    """A message that waits for a repair."""

    id: int
    received_at: datetime
    who: str
    reference: str
    words: str


class Replay:
    """Any number of processes may replay at a time, also while the bot serves."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        make_services: MakeServices,
        clock: Clock,
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._make_services = make_services
        self._clock = clock

    def failed(self) -> list[Failed]:
        """Return what waits, in the order it arrived."""
        return self._database.read(
            lambda session: [_shown(session, row) for row in inbox.failed(session)]
        )

    def replay(self, inbox_id: int) -> Outcome:
        """Handle one message again, unless it was handled meanwhile."""
        return self._database.run(lambda session: self._once(session, inbox_id))

    def _once(self, session: Session, inbox_id: int) -> Outcome:
        row = inbox.take_failed(session, inbox_id)
        if row is None:
            return Outcome.TAKEN
        try:
            incoming = from_wecom(messages.parse(row.plaintext))
        except CallbackRejected:
            log.exception("cannot read message inbox=%s reference=%s", row.id, row.reference)
            return Outcome.FAILED
        found = arrival.arrive(session, row.key, row.userid, self._clock.now())
        present = met(found.state, found.data, None)
        if _superseded(session, row, incoming):
            outcome = Outcome.SUPERSEDED
            reply = Reply(texts.superseded() if incoming.kind in _SPOKEN else "")
        else:
            outcome, reply = self._handled(session, row, incoming, present)
        if outcome is not Outcome.FAILED:
            self._close(session, row, incoming, outcome, reply)
        return outcome

    def _handled(
        self, session: Session, row: InboxRow, incoming: Incoming, present: Waiting
    ) -> tuple[Outcome, Reply]:
        services = self._make_services(session, row.received_at)
        try:
            with session.begin_nested():
                person = services.people.identify(row.userid)
                waiting = _met_then(row, present)
                reply = self._dispatcher.handled(services, incoming, waiting, person)
        except BotError as refusal:
            reply = Reply(str(refusal))
        except Exception as error:
            if isinstance(error, DBAPIError) and is_transient(error):
                raise
            log.exception("replay failed inbox=%s reference=%s", row.id, row.reference)
            return Outcome.FAILED, Reply("")
        return Outcome.HANDLED, reply

    def _close(
        self, session: Session, row: InboxRow, incoming: Incoming, outcome: Outcome, reply: Reply
    ) -> None:
        state = inbox.HANDLED if outcome is Outcome.HANDLED else inbox.SUPERSEDED
        inbox.close(session, row.id, state)
        audit.add(
            session,
            at=self._clock.now(),
            actor=row.userid,
            action="message.replay",
            subject=f"message:{row.id}",
            detail={"outcome": state, "received": row.received_at.isoformat()},
        )
        if reply.text:
            told = texts.answered(row.received_at, incoming.text, reply.text)
            services = self._make_services(session)
            services.notices.say(row.userid, told, key=f"replay:{row.id}")


def _shown(session: Session, row: InboxRow) -> Failed:
    try:
        words = from_wecom(messages.parse(row.plaintext)).text
    except CallbackRejected:
        words = ""
    person = people.find(session, row.userid)
    who = row.userid
    if person is not None:
        who = f"{person.name}（{person.unit.name}）" if person.unit else person.name
    return Failed(row.id, row.received_at, who, row.reference, words)


def _met_then(row: InboxRow, present: Waiting) -> Waiting:
    """Return the question that the message met; the present dialogue stays if it is another."""
    state, data = (row.answer or {}).get("met", ("", {}))
    moved_on = bool(present.state) and (present.state, present.data) != (state, data)
    return Waiting(state, data, elsewhere=moved_on)


def _superseded(session: Session, row: InboxRow, incoming: Incoming) -> bool:
    """Whether the person came or left since, or said the same and was understood.

    Of several equal messages that failed, the first counts, unless they answered two questions.
    """
    if incoming.kind in presence.KINDS:
        return any(
            other.id > row.id for other in inbox.handled_besides(session, row, presence.KINDS)
        )
    words = plain(incoming.text)
    return incoming.kind in _SPOKEN and any(
        plain(from_wecom(messages.parse(other.plaintext)).text) == words and _same(other, row)
        for other in inbox.handled_besides(session, row, _SPOKEN)
    )


def _same(other: InboxRow, row: InboxRow) -> bool:
    asked, asked_there = ((one.answer or {}).get("met") for one in (row, other))
    return asked_there is None or asked_there == asked
