"""Template cards after they were sent: response codes, and what an update changes."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import Clock
from simulator.conversations import Conversations, Entry
from simulator.errcodes import WecomError

LIFE = timedelta(hours=72)
"""How long a response_code works, once [O 94888]."""

_CLICKABLE = frozenset({"button_interaction", "vote_interaction", "multiple_interaction"})


def gets_code(card: dict[str, Any]) -> bool:
    """Whether sending this card answers a response_code (protocol 4.1)."""
    return card.get("card_type") in _CLICKABLE or "action_menu" in card


@dataclass(frozen=True)
class _Code:
    msgid: str
    issued_at: datetime


class Cards:
    """The response codes of one app. `msgid` names the message whose cards a code may change."""

    def __init__(self, clock: Clock, conversations: Conversations) -> None:
        self._clock = clock
        self._conversations = conversations
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}

    def issue(self, msgid: str) -> str:
        """Return a new response_code."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[code] = _Code(msgid, self._clock.now())
        return code

    def spend(self, response_code: str) -> str:
        """Return the msgid of a code that is neither used nor too old, and use it up."""
        with self._lock:
            code = self._codes.pop(response_code, None)
        if code is None or self._clock.now() - code.issued_at > LIFE:
            raise WecomError(60140)
        return code.msgid

    def update(self, userids: Iterable[str], msgid: str, change: dict[str, Any]) -> None:
        """Change the cards of `msgid` that these people have.

        `change` holds either `button` (with `replace_name`) or `template_card`.
        """
        for userid in userids:
            for entry in self._conversations.entries(userid):
                if entry.message.msgid == msgid:
                    self.change(userid, entry, change)

    def change(self, userid: str, entry: Entry, change: dict[str, Any]) -> None:
        """Change one person's card."""
        button = str((change.get("button") or {}).get("replace_name", ""))
        card = change.get("template_card")

        def apply(target: Entry) -> None:
            target.button = button or str((card or {}).get("replace_text", ""))
            target.card = card if card is not None else target.card

        self._conversations.change(userid, entry, apply)

    def dump(self) -> dict[str, list[str]]:
        """Return the open codes as JSON, for the next start."""
        with self._lock:
            return {key: [c.msgid, c.issued_at.isoformat()] for key, c in self._codes.items()}

    def load(self, saved: dict[str, list[str]]) -> None:
        """Take back what `dump` returned."""
        with self._lock:
            for key, (msgid, issued_at) in saved.items():
                self._codes[key] = _Code(msgid, datetime.fromisoformat(issued_at))
