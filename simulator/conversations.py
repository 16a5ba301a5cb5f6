"""What each person has on the screen: one ordered conversation with the app per person."""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Where an entry came from."""

    SENT = "sent"
    """The person wrote it."""
    REPLY = "reply"
    """The app's passive reply to a callback."""
    PUSH = "push"
    """The app sent it through the API."""
    NOTE = "note"
    """A remark of the simulator; a real WeCom would show nothing."""


INCOMING = frozenset({Kind.REPLY, Kind.PUSH})


@dataclass(frozen=True, slots=True)
class Message:
    """One content; a push to a thousand people is one object. `at` is ISO 8601."""

    kind: Kind
    msgtype: str
    body: dict[str, Any]
    at: str
    msgid: str = ""


@dataclass(slots=True)
class Entry:
    """A message in one person's conversation and what became of it there.

    `number` never changes; `changed` grows with every change, so that a page can ask for what
    is new. `card` and `button` hold what an update put in place of the original.
    """

    number: int
    changed: int
    message: Message
    card: dict[str, Any] | None = None
    button: str = ""
    recalled: bool = False

    def shown_card(self) -> dict[str, Any]:
        """Return the template card as the person sees it now."""
        return self.card if self.card is not None else self.message.body

    def as_json(self) -> dict[str, Any]:
        """Return what the page needs."""
        message = self.message
        return {
            "number": self.number,
            "changed": self.changed,
            "kind": message.kind.value,
            "msgtype": message.msgtype,
            "body": {} if self.recalled else (self.card or message.body),
            "at": message.at,
            "button": self.button,
            "recalled": self.recalled,
        }


@dataclass(slots=True)
class _Conversation:
    entries: list[Entry] = field(default_factory=list)
    received: int = 0
    changed: int = 0


class Conversations:
    """All conversations; accounts are keys in lower case. Safe for many threads."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._all: dict[str, _Conversation] = defaultdict(_Conversation)
        self._count = itertools.count(1)
        self._changed = 0
        self._closed = False

    def add(self, userids: Iterable[str], message: Message) -> int:
        """Put one message into every conversation; return the last entry's number."""
        incoming = message.kind in INCOMING
        with self._news:
            for userid in userids:
                self._changed = next(self._count)
                conversation = self._all[userid.lower()]
                conversation.entries.append(Entry(self._changed, self._changed, message))
                conversation.changed = self._changed
                conversation.received += incoming
            self._news.notify_all()
            return self._changed

    def change(self, userid: str, entry: Entry, change: Callable[[Entry], None]) -> None:
        """Apply `change` to an entry and make it news."""
        with self._news:
            change(entry)
            self._changed = next(self._count)
            entry.changed = self._changed
            self._all[userid.lower()].changed = self._changed
            self._news.notify_all()

    def entries(self, userid: str, after: int = 0) -> list[Entry]:
        """Return a person's entries that are new or changed since `after`, oldest first."""
        with self._news:
            conversation = self._all.get(userid.lower())
            if conversation is None or conversation.changed <= after:
                return []
            return [entry for entry in conversation.entries if entry.changed > after]

    def find(self, userid: str, number: int) -> Entry | None:
        """Return one entry of a person."""
        return next((one for one in self.entries(userid) if one.number == number), None)

    def received(self, after: int = 0) -> dict[str, int]:
        """Return how many messages each person ever got, for those changed since `after`."""
        with self._news:
            return {
                userid: conversation.received
                for userid, conversation in self._all.items()
                if conversation.changed > after
            }

    @property
    def changed(self) -> int:
        """The number of the newest change in any conversation."""
        with self._news:
            return self._changed

    def wait(self, after: int, seconds: float) -> int:
        """Wait until something is newer than `after`, at most `seconds`; return the newest."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._changed > after, timeout=seconds)
            return self._changed

    def wait_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until `condition` holds, looking again at every change."""
        deadline = time.monotonic() + seconds
        seen = -1
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or self._closed:
                return condition()
            seen = self.wait(seen, left)
        return True

    def close(self) -> None:
        """Let every waiting page go."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Return everything as JSON, for the next start."""
        with self._news:
            return {
                userid: [_dump(entry) for entry in conversation.entries]
                for userid, conversation in self._all.items()
            }

    def load(self, saved: dict[str, list[dict[str, Any]]]) -> None:
        """Take back what `dump` returned."""
        with self._news:
            for userid, entries in saved.items():
                conversation = self._all[userid]
                conversation.entries = [_load(entry) for entry in entries]
                conversation.received = sum(
                    entry.message.kind in INCOMING for entry in conversation.entries
                )
                conversation.changed = max((e.changed for e in conversation.entries), default=0)
            self._changed = max((c.changed for c in self._all.values()), default=0)
            self._count = itertools.count(self._changed + 1)


def _dump(entry: Entry) -> dict[str, Any]:
    return {
        **entry.as_json(),
        "body": entry.message.body,
        "card": entry.card,
        "msgid": entry.message.msgid,
    }


def _load(saved: dict[str, Any]) -> Entry:
    return Entry(
        number=saved["number"],
        changed=saved["changed"],
        message=Message(
            kind=Kind(saved["kind"]),
            msgtype=saved["msgtype"],
            body=saved["body"],
            at=saved["at"],
            msgid=saved["msgid"],
        ),
        card=saved["card"],
        button=saved["button"],
        recalled=saved["recalled"],
    )
