"""Which rows go together, and the requests that they share; pure.

Rows with equal messages form a `Group`. Before its first call a group becomes a `Frozen` batch:
the exact requests, stored with the batch's first row. After a crash or a missing answer they are
repeated to the byte, so that WeCom's duplicate check recognises them.
"""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from bot.outbox.composing import Composed
from bot.storage.outbox import Claimed
from bot.wecom.errcodes import Outcome, classify
from bot.wecom.outgoing import MAX_DUPLICATE_WINDOW, MAX_RECIPIENTS, Outgoing, send_body_bytes

WINDOW = timedelta(seconds=MAX_DUPLICATE_WINDOW)
"""How long WeCom recognises a repeated request."""
_MARGIN = timedelta(minutes=5)


class Doubt(StrEnum):
    """Whether people may have got the request that was not answered with success."""

    NONE = "none"
    """WeCom refused it in its own words."""
    SLIGHT = "slight"
    """WeCom could not be reached, or something on the way answered in its place."""
    GRAVE = "grave"
    """It went out, and no answer was seen."""


class Recipient(NamedTuple):
    """One row of a batch and its person."""

    row: int
    touser: str


@dataclass(frozen=True)
class Group:
    """Rows that were never sent and get the same messages."""

    recipients: tuple[Recipient, ...]
    messages: tuple[dict[str, Any], ...]
    attempts: int

    @property
    def leader(self) -> int:
        """The row that will carry the batch."""
        return self.recipients[0].row

    @property
    def rows(self) -> list[int]:
        """All rows."""
        return [recipient.row for recipient in self.recipients]

    def only(self, rows: set[int]) -> Self:
        """Return the group without the rows that are not in `rows`."""
        kept = tuple(recipient for recipient in self.recipients if recipient.row in rows)
        return replace(self, recipients=kept)


@dataclass(frozen=True)
class Frozen:
    """A batch whose requests may have been sent."""

    recipients: tuple[Recipient, ...]
    requests: tuple[str, ...]
    """The bodies; as bytes they are UTF-8."""
    since: datetime
    """When it was frozen, in the machine's time: WeCom's window runs in real time."""
    attempts: int
    msgids: tuple[str, ...] = ()
    """WeCom's numbers of the requests that it took; the next one is still to be sent."""
    doubt: Doubt = Doubt.NONE

    @property
    def leader(self) -> int:
        """The row that carries the batch."""
        return self.recipients[0].row

    @property
    def rows(self) -> list[int]:
        """All rows."""
        return [recipient.row for recipient in self.recipients]

    @property
    def followers(self) -> list[int]:
        """The rows that go along with the leader."""
        return self.rows[1:]

    @property
    def remaining(self) -> tuple[str, ...]:
        """The requests that WeCom did not take yet."""
        return self.requests[len(self.msgids) :]

    @property
    def begun(self) -> bool:
        """Whether anything of it may have reached people, so that it must stay as it is."""
        return self.doubt is not Doubt.NONE or bool(self.msgids)

    def forgotten(self, machine_now: datetime) -> bool:
        """Whether a request may have arrived that WeCom would no longer recognise."""
        return self.doubt is not Doubt.NONE and machine_now >= self.since + WINDOW - _MARGIN

    def to_json(self) -> dict[str, Any]:
        """Return what the leading row stores."""
        return {
            "recipients": [list(recipient) for recipient in self.recipients],
            "requests": list(self.requests),
            "since": self.since.isoformat(),
            "msgids": list(self.msgids),
            "doubt": str(self.doubt),
        }

    @classmethod
    def from_row(cls, row: Claimed) -> Self | None:
        """Read what the row stores; None when it was not frozen."""
        stored = row.frozen
        if not stored:
            return None
        return cls(
            recipients=tuple(Recipient(*recipient) for recipient in stored["recipients"]),
            requests=tuple(stored["requests"]),
            since=datetime.fromisoformat(stored["since"]),
            attempts=row.attempts,
            msgids=tuple(stored["msgids"]),
            doubt=Doubt(stored["doubt"]),
        )


def check(composed: Composed, touser: str) -> None:
    """Raise KeyError, TypeError or ValueError unless these messages can be requests to WeCom."""
    if not composed.messages:
        raise ValueError("there is nothing to send")
    for message in composed.messages:
        _body(message, (touser,), 0)


def freeze(group: Group, agent_id: int, machine_now: datetime) -> Frozen:
    """Return the batch with the requests as they will be sent, now and ever after."""
    people = tuple(recipient.touser for recipient in group.recipients)
    return Frozen(
        recipients=group.recipients,
        requests=tuple(_body(message, people, agent_id) for message in group.messages),
        since=machine_now,
        attempts=group.attempts,
    )


def rounds(ready: Iterable[tuple[Claimed, Composed]]) -> list[list[Group]]:
    """Return groups of at most 1,000 recipients, in rounds that follow one another.

    What one person gets keeps its order: their second message is in the second round. Within a
    round nobody occurs twice, so that its groups may be sent at the same time.
    """
    likeness = _Likeness()
    seen: dict[str, int] = defaultdict(int)
    found: dict[int, dict[Hashable, list[tuple[Claimed, Composed]]]] = defaultdict(dict)
    for row, composed in ready:
        person = row.touser.lower()
        found[seen[person]].setdefault(likeness.of(row, composed), []).append((row, composed))
        seen[person] += 1
    return [
        [group for alike in found[number].values() for group in _groups(alike)]
        for number in sorted(found)
    ]


def _groups(alike: Sequence[tuple[Claimed, Composed]]) -> Iterator[Group]:
    first_row, first = alike[0]
    for start in range(0, len(alike), MAX_RECIPIENTS):
        members = alike[start : start + MAX_RECIPIENTS]
        recipients = tuple(Recipient(row.id, row.touser) for row, _ in members)
        yield Group(recipients, first.messages, first_row.attempts)


class _Likeness:
    """Tells which rows may share a call; written out once for each message, not for each row."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[Composed, str]] = {}

    def of(self, row: Claimed, composed: Composed) -> Hashable:
        """Return something equal for rows that may share a call.

        A row of a batch that WeCom refused because of one of its people goes alone the next time.
        """
        written = self._written.get(id(composed))
        if written is None:
            written = composed, json.dumps(composed.messages, ensure_ascii=False)
            self._written[id(composed)] = written
        refused = row.errcode is not None and classify(row.errcode) is Outcome.RECIPIENT
        return written[1], row.attempts, row.id if refused else 0


def _body(message: dict[str, Any], people: tuple[str, ...], agent_id: int) -> str:
    kind = message["msgtype"]
    outgoing = Outgoing(people, kind, message[kind], MAX_DUPLICATE_WINDOW)
    return send_body_bytes(outgoing, agent_id).decode()
