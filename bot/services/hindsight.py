"""What happened after a message that is handled late: it must not be overturned.

For a message of now nothing has happened since, and nothing is asked of the database.
"""

from bot.domain.assignments import Assignment
from bot.domain.people import Person
from bot.errors import Refusal
from bot.services.base import Service
from bot.storage import audit
from bot.texts import inbox as texts
from bot.texts.progress import title


class Hindsight(Service):
    """Refuses what later events have made doubtful."""

    @property
    def _late(self) -> bool:
        return self.now < self.all.present

    def refuse_if_changed_by(self, person: Person) -> None:
        """Refuse to touch a person's last report when they have reported or changed one since."""
        if self._late and self._done_since("report.", actor=person.userid):
            raise Refusal(texts.changed_since())

    def refuse_if_decided(self, part: Assignment) -> None:
        """Refuse a report on a task on which the office has decided since."""
        self._refuse_after("assignment.", part)

    def refuse_if_reported(self, part: Assignment) -> None:
        """Refuse a decision on a task that was reported on or decided since."""
        self._refuse_after("report.", part)
        self._refuse_after("assignment.", part)

    def _refuse_after(self, verbs: str, part: Assignment) -> None:
        if self._late and self._done_since(verbs, subject=f"assignment:{part.id}"):
            raise Refusal(texts.decided_since(title(part)))

    def _done_since(self, verbs: str, *, actor: str = "", subject: str = "") -> bool:
        return audit.acted_after(self.session, self.now, verbs, actor=actor, subject=subject)
