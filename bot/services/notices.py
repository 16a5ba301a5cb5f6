"""Messages to people who did not just ask: they go through the outbox, in the same transaction."""

from datetime import datetime
from typing import Any

from bot.domain.people import Role
from bot.outbox.queue import put
from bot.services.base import Service
from bot.storage import people
from bot.texts import conversation as texts
from bot.wecom.escaping import escape_tags
from bot.wecom.replies import TEXT_LIMIT, split_text

TEXT = "text"
STAMPABLE = TEXT_LIMIT - 64
"""Bytes of a message that will get the moment below it."""


class Notices(Service):
    """What is to be told to whom."""

    def say(self, userid: str, text: str, *, key: str) -> None:
        """Send `text` soon; the same key is sent once only.

        The moment stands below it: WeCom does not deliver equal texts within four hours.
        """
        now = self.all.present
        self.put(userid, TEXT, {"text": texts.stamped(text, now)}, key=key, due_at=now)

    def put(
        self,
        userid: str,
        kind: str,
        facts: dict[str, Any],
        *,
        key: str,
        due_at: datetime,
    ) -> bool:
        """Queue a message that is prepared when it is due; return False for a known key."""
        return put(
            self.session,
            key=key,
            touser=userid,
            kind=kind,
            facts=facts,
            due_at=due_at,
            now=self.all.present,
        )

    def tell_office_of_failure(self, reference: str) -> None:
        """Let the office know that a message waits for a repair."""
        self.tell_office(texts.failure_for_office(reference), key=f"failure:{reference}")

    def tell_office(self, text: str, *, key: str) -> None:
        """Send `text` to everybody of the office."""
        for person in people.of_roles(self.session, Role.OFFICE):
            self.say(person.userid, text, key=f"{key}:{person.userid}")

    def tell_contacts(self, unit_id: int, text: str, *, key: str) -> None:
        """Send `text` to all contacts of a unit."""
        for person in people.contacts_of(self.session, [unit_id]):
            self.say(person.userid, text, key=f"{key}:{person.userid}")


def parts(text: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Return `text` in parts of at most `limit` bytes; one empty part for no text.

    WeCom makes links of tags in plain text; people's words must not become one.
    """
    return split_text(escape_tags(text), limit) or ("",)
