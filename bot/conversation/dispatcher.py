"""From an accepted message to its stored answer, in one transaction.

A refusal → its sentence, the state is kept. A bug → an apology with a reference, the message is
kept for replay, the office told. What a handler had written before it failed is undone: the
transaction is rolled back, and another one stores only the answer. A crash before the commit →
nothing happened, and WeCom's redelivery does it.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversation import middleware
from bot.conversation.context import Context, Reply
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.router import Routes
from bot.errors import BotError
from bot.services import Services
from bot.services.notices import STAMPABLE, parts
from bot.storage import arrival, conversation, inbox
from bot.storage.arrival import Arrival
from bot.storage.database import Database, DBAPIError, LostRace, is_transient
from bot.storage.inbox import Received
from bot.storage.statements import unmark, written
from bot.storage.versions import Versions
from bot.texts import conversation as texts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What goes back at once. `button` is the new wording of a clicked card."""

    text: str = ""
    button: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form in which the inbox keeps it."""
        return {"text": self.text, "button": self.button}


SILENCE = Answer()
_NOTED: dict[Kind, Callable[[Services, Incoming], None]] = {
    Kind.SILENT: lambda _services, _incoming: None,
    Kind.LEFT: lambda services, incoming: services.people.left(incoming.userid),
    Kind.ALARM: lambda services, incoming: services.notices.tell_office(
        texts.app_state(incoming.text), key=f"app:{incoming.key}"
    ),
}
"""What nobody waits to have answered; of some of it somebody has to know."""


@dataclass(frozen=True)
class _Outcome:
    """What a handler came to; `reference` names a bug."""

    reply: Reply
    reference: str = ""


class _Undone(Exception):
    """A handler failed after it had written: only the outcome may be stored."""

    def __init__(self, outcome: _Outcome) -> None:
        super().__init__(outcome.reference)
        self.outcome = outcome


class MakeServices(Protocol):
    """Makes the services of one transaction; `known` saves them a query."""

    def __call__(self, session: Session, known: Versions | None = None) -> Services:
        """Return them."""
        ...


class Dispatcher:
    """Handles every message once and gives the same answer to each of its deliveries."""

    def __init__(
        self,
        database: Database,
        routes: Routes,
        make_services: MakeServices,
        clock: Clock,
    ) -> None:
        self._database = database
        self._routes = routes
        self._make_services = make_services
        self._clock = clock

    def handle(self, incoming: Incoming) -> Answer:
        """Return the answer to a message, the stored one if it was delivered before.

        Raises what the database raises while it is in trouble: WeCom then delivers again.
        """
        try:
            return self._database.run(lambda session: self._once(session, incoming))
        except _Undone as undone:
            outcome = undone.outcome
        except LostRace:
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and is_transient(error):
                raise
            outcome = _bug(incoming, error)
        return self._database.run(lambda session: self._once(session, incoming, outcome))

    def _once(
        self, session: Session, incoming: Incoming, outcome: _Outcome | None = None
    ) -> Answer:
        now = self._clock.now()
        if incoming.kind in _NOTED:
            return self._note(session, incoming, outcome, now)
        met = arrival.arrive(session, incoming.key, incoming.userid, now)
        unmark(session)
        if met.known:
            return Answer(**met.answer) if met.answer else SILENCE
        services = self._make_services(session, met.versions)
        outcome = outcome or self._tried(services, incoming, met)
        return self._store(services, incoming, outcome)

    def _note(
        self, session: Session, incoming: Incoming, failed: _Outcome | None, now: datetime
    ) -> Answer:
        services = self._make_services(session)
        if failed is not None:
            services.notices.tell_office_of_failure(failed.reference)
            _store(session, incoming, now, inbox.FAILED, None, failed.reference)
            return SILENCE
        state = inbox.IGNORED if incoming.kind is Kind.SILENT else inbox.HANDLED
        if _store(session, incoming, now, state):
            _NOTED[incoming.kind](services, incoming)
        return SILENCE

    def _tried(self, services: Services, incoming: Incoming, met: Arrival) -> _Outcome:
        try:
            return _Outcome(self._handled(services, incoming, met))
        except (DBAPIError, LostRace):
            raise  # the transaction is lost; done once more, it may find what a colleague made
        except BotError as refusal:
            outcome = _Outcome(Reply(str(refusal)))
        except Exception as error:
            outcome = _bug(incoming, error)
        if written(services.session):
            raise _Undone(outcome)
        return outcome

    def _handled(self, services: Services, incoming: Incoming, met: Arrival) -> Reply:
        """Do what the message asks for, and remember the state."""
        person = met.person or services.people.stranger(incoming.userid)
        if incoming.kind is Kind.CAME:
            services.people.came(incoming.userid)
            person = services.people.identify(incoming.userid)
        ctx = Context(
            person=person,
            text=incoming.text,
            services=services,
            now=services.now,
            state=met.state,
            data=met.data,
            help_lines=self._routes.help_for(person.role),
        )
        reply = middleware.check(ctx, incoming.kind, met.recent) or self._route(ctx, incoming)
        if reply.state is not None and (reply.state, reply.data) != (met.state, met.data):
            conversation.save(services.session, incoming.userid, reply.state, reply.data, ctx.now)
        return reply

    def _route(self, ctx: Context, incoming: Incoming) -> Reply:
        for route in self._routes.matching(ctx):
            if ctx.person.role not in route.roles:
                return Reply(ctx.services.people.not_allowed(ctx.person))
            reply = route.handler(ctx)
            if reply is not None:
                log.info("handled inbox=%s by=%s", incoming.key, route.name)
                return reply
        log.warning("unhandled inbox=%s: add a route in handlers/ for it", incoming.key)
        return Reply(texts.not_understood())

    def _store(self, services: Services, incoming: Incoming, outcome: _Outcome) -> Answer:
        notices, reply = services.notices, outcome.reply
        if outcome.reference:
            notices.tell_office_of_failure(outcome.reference)
        if incoming.kind is Kind.CLICK:
            notices.say(incoming.userid, reply.text, key=f"click:{incoming.key}")
            answer = Answer(button=texts.clicked())
        else:
            first, *more = parts(reply.text, STAMPABLE) if incoming.limited else (reply.text,)
            for number, part in enumerate(more, start=2):
                notices.say(incoming.userid, part, key=f"answer:{incoming.key}:{number}")
            answer = Answer(text=first)
        state = inbox.FAILED if outcome.reference else inbox.HANDLED
        if not _store(services.session, incoming, services.now, state, answer, outcome.reference):
            raise LostRace  # delivered twice at once: this one gives the answer of the other
        return answer


def _bug(incoming: Incoming, error: Exception) -> _Outcome:
    reference = secrets.token_hex(4)
    log.error("handler failed inbox=%s reference=%s", incoming.key, reference, exc_info=error)
    return _Outcome(Reply(texts.apology(reference)), reference)


def _store(
    session: Session,
    incoming: Incoming,
    now: datetime,
    state: str,
    answer: Answer | None = None,
    reference: str = "",
) -> bool:
    received = Received(incoming.key, incoming.userid, incoming.kind, incoming.plaintext, now)
    return inbox.store(session, received, state, answer.as_json() if answer else None, reference)
