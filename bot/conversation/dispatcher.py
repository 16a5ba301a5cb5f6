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
from bot.conversation import dialogue, middleware, presence
from bot.conversation.context import Context, Reply
from bot.conversation.dialogue import Waiting
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.levels import Level
from bot.conversation.router import Routes
from bot.domain.people import Person
from bot.errors import BotError
from bot.faultpoints import reached
from bot.services import Services
from bot.services.notices import STAMPABLE, parts
from bot.storage import arrival, inbox
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
    Kind.LEFT: lambda services, incoming: services.people.left(incoming.userid),
    Kind.ALARM: lambda services, incoming: services.notices.tell_office(
        texts.app_state(incoming.text), key=f"app:{incoming.key}"
    ),
}
"""What nobody waits to have answered, but somebody has to know."""


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

    def __call__(
        self, session: Session, at: datetime | None = None, known: Versions | None = None
    ) -> Services:
        """Return the services as of now or of an earlier moment."""
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
        answer = self._answered(incoming)
        reached("inbox.committed")
        return answer

    def _answered(self, incoming: Incoming) -> Answer:
        try:
            return self._share(incoming, None)
        except LostRace:
            raise
        except _Undone as undone:
            outcome = undone.outcome
        except Exception as error:
            if isinstance(error, DBAPIError) and is_transient(error):
                raise
            outcome = _bug(incoming, error)
        return self._share(incoming, outcome)

    def _share(self, incoming: Incoming, outcome: _Outcome | None) -> Answer:
        return self._database.share(
            lambda session: self._once(session, incoming, outcome), turn=incoming.userid
        )

    def _once(self, session: Session, incoming: Incoming, outcome: _Outcome | None) -> Answer:
        now = self._clock.now()
        if incoming.kind is Kind.SILENT:
            inbox.store(session, _received(incoming, now), inbox.IGNORED)
            return SILENCE
        met = arrival.arrive(session, incoming.key, incoming.userid, now)
        unmark(session)
        if met.known:
            stored = met.answer
            return Answer(stored["text"], stored["button"]) if stored else SILENCE
        reached("inbox.accepted")
        services = self._make_services(session, known=met.versions)
        waiting = dialogue.met(met.state, met.data, incoming.sent_at)
        outcome = outcome or self._tried(services, incoming, met, waiting)
        return self._store(services, incoming, waiting, outcome)

    def _tried(
        self, services: Services, incoming: Incoming, met: Arrival, waiting: Waiting
    ) -> _Outcome:
        try:
            person = met.person or services.people.stranger(incoming.userid)
            reply = self.handled(services, incoming, waiting, person, met.recent)
            reached("inbox.handled")
            return _Outcome(reply)
        except (DBAPIError, LostRace):
            raise  # the transaction is lost; done once more, it may find what a colleague made
        except BotError as refusal:
            outcome = _Outcome(Reply(str(refusal)))
        except Exception as error:
            outcome = _bug(incoming, error)
        if written(services.session):
            raise _Undone(outcome)
        return outcome

    def handled(
        self,
        services: Services,
        incoming: Incoming,
        waiting: Waiting,
        person: Person,
        recent: int = 0,
    ) -> Reply:
        """Do what the message asks for and remember the state; what is raised leaves it half-done.

        `recent` are the person's messages of the last minute before this one.
        """
        if presence.overtaken(services.session, incoming, services.now):
            return Reply("")
        if incoming.kind in _NOTED:
            _NOTED[incoming.kind](services, incoming)
            return Reply("")
        if incoming.kind is Kind.CAME:
            services.people.came(incoming.userid)
            person = services.people.identify(incoming.userid)
        ctx = Context(
            person=person,
            text=incoming.text,
            services=services,
            now=services.now,
            state=waiting.state,
            data=waiting.data,
            help_lines=self._routes.help_for(person.role),
        )
        reply = middleware.check(ctx, incoming.kind, recent) or self._route(ctx, incoming)
        sent_at = incoming.sent_at or ctx.now
        return dialogue.remember(services.session, incoming.userid, waiting, reply, sent_at)

    def _route(self, ctx: Context, incoming: Incoming) -> Reply:
        for route in self._routes.matching(ctx):
            if ctx.person.role not in route.roles:
                if route.filter.level is Level.STATE:
                    continue  # begun in a role that the person no longer has
                return Reply(ctx.services.people.not_allowed(ctx.person))
            reply = route.handler(ctx)
            if reply is not None:
                log.debug("handled inbox=%s by=%s", incoming.key, route.name)
                return reply
        log.warning("unhandled inbox=%s: add a route in handlers/ for it", incoming.key)
        return Reply(texts.not_understood())

    def _store(
        self, services: Services, incoming: Incoming, waiting: Waiting, outcome: _Outcome
    ) -> Answer:
        answer = self._said(services, incoming, outcome.reply)
        stored, state = answer.as_json(), inbox.HANDLED
        if outcome.reference:
            services.notices.tell_office_of_failure(outcome.reference)
            stored, state = {**stored, "met": [waiting.state, waiting.data]}, inbox.FAILED
        received = _received(incoming, services.now)
        if not inbox.store(services.session, received, state, stored, outcome.reference):
            raise LostRace  # delivered twice at once: this one gives the answer of the other
        reached("inbox.stored")
        return answer

    def _said(self, services: Services, incoming: Incoming, reply: Reply) -> Answer:
        """Return what goes back at once; the rest goes through the outbox."""
        if incoming.kind in _NOTED:
            return SILENCE
        notices = services.notices
        if incoming.kind is Kind.CLICK:
            notices.say(incoming.userid, reply.text, key=f"click:{incoming.key}")
            return Answer(button=texts.clicked())
        first, *more = parts(reply.text, STAMPABLE) if incoming.limited else (reply.text,)
        for number, part in enumerate(more, start=2):
            notices.say(incoming.userid, part, key=f"answer:{incoming.key}:{number}")
        return Answer(text=first)


def _bug(incoming: Incoming, error: Exception) -> _Outcome:
    reference = secrets.token_hex(4)
    log.error("handler failed inbox=%s reference=%s", incoming.key, reference, exc_info=error)
    return _Outcome(Reply(texts.apology(reference)), reference)


def _received(incoming: Incoming, now: datetime) -> Received:
    return Received(incoming.key, incoming.userid, incoming.kind, incoming.plaintext, now)
