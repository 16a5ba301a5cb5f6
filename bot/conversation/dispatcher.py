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
from bot.conversation import dialogue, middleware, presence
from bot.conversation.context import Context, Reply
from bot.conversation.dialogue import Waiting
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.router import Routes
from bot.errors import BotError
from bot.faultpoints import reached
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
MakeServices = Callable[[Session], Services]


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
        """Return the answer to a message, the stored one if it was delivered before."""
        answer = self._database.run(lambda session: self._once(session, incoming))
        reached("inbox.committed")
        return answer

    def _once(self, session: Session, incoming: Incoming) -> Answer:
        now = self._clock.now()
        inbox_id = inbox.accept(
            session, incoming.key, incoming.userid, incoming.kind, incoming.plaintext, now
        )
        if inbox_id is None:
            stored = inbox.answer_to(session, incoming.key)
            return Answer(stored["text"], stored["button"]) if stored else SILENCE
        reached("inbox.accepted")
        if incoming.kind is Kind.SILENT:
            inbox.finish(session, inbox_id, inbox.IGNORED, None)
            return SILENCE
        return self._answer(session, inbox_id, incoming)

    def _answer(self, session: Session, inbox_id: int, incoming: Incoming) -> Answer:
        found = conversation.lock(session, incoming.userid, self._clock.now())
        waiting = dialogue.met(*found, incoming.sent_at)
        reference = ""
        try:
            reply = self.tried(session, inbox_id, incoming, waiting, self._make_services)
            reached("inbox.handled")
        except BotError as refusal:
            reply = Reply(str(refusal))
        except OperationalError:
            raise  # the database is in trouble, no handler: everything is done once more
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("handler failed inbox=%s reference=%s", inbox_id, reference)
            reply = Reply(texts.apology(reference))
            self._make_services(session).notices.tell_office_of_failure(reference)
        answer = self._said(session, inbox_id, incoming, reply)
        if reference:
            kept = {**answer.as_json(), "met": [waiting.state, waiting.data]}
            inbox.finish(session, inbox_id, inbox.FAILED, kept, reference)
        else:
            inbox.finish(session, inbox_id, inbox.HANDLED, answer.as_json())
        reached("inbox.stored")
        return answer

    def tried(
        self,
        session: Session,
        inbox_id: int,
        incoming: Incoming,
        waiting: Waiting,
        make_services: MakeServices,
    ) -> Reply:
        """Do what the message asks for and remember the state; whatever is raised undid it all."""
        try:
            return self._handled(session, inbox_id, incoming, waiting, make_services)
        except IntegrityError:
            # A colleague's message made the same row first; now that row is there to be found.
            return self._handled(session, inbox_id, incoming, waiting, make_services)

    def _handled(
        self,
        session: Session,
        inbox_id: int,
        incoming: Incoming,
        waiting: Waiting,
        make_services: MakeServices,
    ) -> Reply:
        with session.begin_nested():
            services = make_services(session)
            if presence.overtaken(session, incoming, services.now):
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
            reply = middleware.check(ctx, incoming.kind, session) or self._route(ctx, inbox_id)
            sent_at = incoming.sent_at or ctx.now
            return dialogue.remember(session, incoming.userid, waiting, reply, sent_at)

    def _route(self, ctx: Context, inbox_id: int) -> Reply:
        for route in self._routes.matching(ctx):
            if ctx.person.role not in route.roles:
                return Reply(ctx.services.people.not_allowed(ctx.person))
            reply = route.handler(ctx)
            if reply is not None:
                log.info("handled inbox=%s by=%s", inbox_id, route.name)
                return reply
        log.warning("unhandled inbox=%s: add a route in handlers/ for this message", inbox_id)
        return Reply(texts.not_understood())

    def _said(self, session: Session, inbox_id: int, incoming: Incoming, reply: Reply) -> Answer:
        """Return what goes back at once; the rest goes through the outbox."""
        if incoming.kind in _NOTED:
            return SILENCE
        notices = self._make_services(session).notices
        if incoming.kind is Kind.CLICK:
            notices.say(incoming.userid, reply.text, key=f"click:{inbox_id}")
            return Answer(button=texts.clicked())
        first, *more = parts(reply.text, STAMPABLE) if incoming.limited else (reply.text,)
        for number, part in enumerate(more, start=2):
            notices.say(incoming.userid, part, key=f"answer:{inbox_id}:{number}")
        return Answer(text=first)
