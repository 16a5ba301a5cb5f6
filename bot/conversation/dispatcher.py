"""From an accepted message to its stored answer, in one transaction.

A refusal → its sentence; the savepoint is rolled back, the state kept. A bug → an apology with a
reference; the savepoint is rolled back, the message kept for replay, the office told. A crash
before the commit → nothing happened, and WeCom's redelivery does it.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.conversation import middleware
from bot.conversation.context import Context, Reply
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.levels import Level
from bot.conversation.router import Routes
from bot.errors import BotError
from bot.services import Services
from bot.services.notices import STAMPABLE, parts
from bot.storage import conversation, inbox
from bot.storage.database import Database, IntegrityError, OperationalError
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
Waiting = tuple[str, dict[str, Any]]
"""The state in which the message meets the person, and what was remembered with it."""


class Dispatcher:
    """Handles every message once and gives the same answer to each of its deliveries."""

    def __init__(
        self,
        database: Database,
        routes: Routes,
        make_services: Callable[[Session], Services],
        clock: Clock,
    ) -> None:
        self._database = database
        self._routes = routes
        self._make_services = make_services
        self._clock = clock

    def handle(self, incoming: Incoming) -> Answer:
        """Return the answer to a message, the stored one if it was delivered before."""
        return self._database.run(lambda session: self._once(session, incoming))

    def _once(self, session: Session, incoming: Incoming) -> Answer:
        now = self._clock.now()
        inbox_id = inbox.accept(
            session, incoming.key, incoming.userid, incoming.kind, incoming.plaintext, now
        )
        if inbox_id is None:
            stored = inbox.answer_to(session, incoming.key)
            return Answer(**stored) if stored else SILENCE
        if incoming.kind is Kind.SILENT:
            inbox.finish(session, inbox_id, inbox.IGNORED, None)
            return SILENCE
        if incoming.kind in _NOTED:
            _NOTED[incoming.kind](self._make_services(session), incoming)
            inbox.finish(session, inbox_id, inbox.HANDLED, None)
            return SILENCE
        return self._answer(session, inbox_id, incoming)

    def _answer(self, session: Session, inbox_id: int, incoming: Incoming) -> Answer:
        waiting = conversation.lock(session, incoming.userid, self._clock.now())
        reference = ""
        try:
            reply = self._tried(session, inbox_id, incoming, waiting)
        except BotError as refusal:
            reply = Reply(str(refusal))
        except OperationalError:
            raise  # the database is in trouble, no handler: everything is done once more
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("handler failed inbox=%s reference=%s", inbox_id, reference)
            reply = Reply(texts.apology(reference))
            self._make_services(session).notices.tell_office_of_failure(reference)
        return self._store(session, inbox_id, incoming, reply, reference)

    def _tried(
        self, session: Session, inbox_id: int, incoming: Incoming, waiting: Waiting
    ) -> Reply:
        try:
            return self._handled(session, inbox_id, incoming, waiting)
        except IntegrityError:
            # A colleague's message made the same row first; now that row is there to be found.
            return self._handled(session, inbox_id, incoming, waiting)

    def _handled(
        self, session: Session, inbox_id: int, incoming: Incoming, waiting: Waiting
    ) -> Reply:
        """Do what the message asks for, and remember the state; all of it or nothing."""
        with session.begin_nested():
            services = self._make_services(session)
            if incoming.kind is Kind.CAME:
                services.people.came(incoming.userid)
            person = services.people.identify(incoming.userid)
            state, data = waiting
            ctx = Context(
                person=person,
                text=incoming.text,
                services=services,
                now=services.now,
                state=state,
                data=data,
                help_lines=self._routes.help_for(person.role),
            )
            reply = middleware.check(ctx, incoming.kind, session) or self._route(ctx, inbox_id)
            if reply.state is not None:
                conversation.save(session, incoming.userid, reply.state, reply.data, ctx.now)
            return reply

    def _route(self, ctx: Context, inbox_id: int) -> Reply:
        for route in self._routes.matching(ctx):
            if ctx.person.role not in route.roles:
                if route.filter.level is Level.STATE:
                    continue  # begun in a role that the person no longer has
                return Reply(ctx.services.people.not_allowed(ctx.person))
            reply = route.handler(ctx)
            if reply is not None:
                log.info("handled inbox=%s by=%s", inbox_id, route.name)
                return reply
        log.warning("unhandled inbox=%s: add a route in handlers/ for this message", inbox_id)
        return Reply(texts.not_understood())

    def _store(
        self, session: Session, inbox_id: int, incoming: Incoming, reply: Reply, reference: str
    ) -> Answer:
        notices = self._make_services(session).notices
        if incoming.kind is Kind.CLICK:
            notices.say(incoming.userid, reply.text, key=f"click:{inbox_id}")
            answer = Answer(button=texts.clicked())
        else:
            first, *more = parts(reply.text, STAMPABLE) if incoming.limited else (reply.text,)
            for number, part in enumerate(more, start=2):
                notices.say(incoming.userid, part, key=f"answer:{inbox_id}:{number}")
            answer = Answer(text=first)
        state = inbox.FAILED if reference else inbox.HANDLED
        inbox.finish(session, inbox_id, state, answer.as_json(), reference)
        return answer
