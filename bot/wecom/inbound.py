"""What every message and event from WeCom carries."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import SHANGHAI
from bot.wecom.markup import Node
from bot.wecom.rejection import CallbackRejected

_LONGEST_NAME = 128
"""Characters of an account or a message number; WeCom's own have 64 and 20 at most."""


def canonical_userid(userid: str) -> str:
    """Return the form in which userids are compared: WeCom ignores their case."""
    return userid.strip().lower()


@dataclass(frozen=True, slots=True)
class Head:
    """The common fields. `sender` is FromUserName as it was sent, `sys` for system events."""

    corp_id: str
    sender: str
    agent_id: int | None
    created_at: datetime
    msg_id: str
    kind: str
    plaintext: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message or an event; its subclasses say what was sent."""

    head: Head

    @property
    def userid(self) -> str:
        """The sender in canonical form: use this one to look people up."""
        return canonical_userid(self.head.sender)

    @property
    def corp_id(self) -> str:
        """The corp whose app was written to."""
        return self.head.corp_id

    @property
    def agent_id(self) -> int | None:
        """The app that was written to; None for events of the corp (contacts, batches)."""
        return self.head.agent_id

    @property
    def created_at(self) -> datetime:
        """When WeCom took the message, to the second."""
        return self.head.created_at

    @property
    def msg_id(self) -> str:
        """WeCom's number of the message; "" for events."""
        return self.head.msg_id

    @property
    def kind(self) -> str:
        """The MsgType, or `event.` and the event's name, as sent."""
        return self.head.kind

    @property
    def plaintext(self) -> bytes:
        """The decrypted XML, byte for byte."""
        return self.head.plaintext

    @property
    def dedupe_key(self) -> str:
        """The key that is equal for redeliveries and for nothing else.

        MsgId alone collides between users; user and second alone collide between events, while
        redeliveries are byte-identical (protocol notes, section 2).
        """
        if self.msg_id:
            agent = "" if self.agent_id is None else self.agent_id
            return f"m:{agent}:{self.head.sender}:{self.msg_id}"
        return f"e:{hashlib.sha256(self.plaintext).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Unknown(Inbound):
    """Well-formed but of no kind that the bot knows: stored, then ignored."""


Builder = Callable[[Head, Node], Inbound]


def read_head(root: Node, plaintext: bytes) -> Head:
    """Return the common fields; without a kind and a time it is no message: CallbackRejected."""
    kind = root.text("MsgType")
    if not kind:
        raise CallbackRejected("message")
    if kind == "event":
        kind = f"event.{root.text('Event')}"
    return Head(
        corp_id=root.text("ToUserName"),
        sender=_name(root.text("FromUserName")),
        agent_id=_agent(root.text("AgentID")),
        created_at=_created(root.text("CreateTime")),
        msg_id=_name(root.text("MsgId")),
        kind=kind,
        plaintext=plaintext,
    )


def moment(seconds: str) -> datetime:
    """Return the moment that WeCom writes as seconds since 1970; ValueError if it is none."""
    try:
        return datetime.fromtimestamp(int(seconds), tz=SHANGHAI)
    except (OverflowError, OSError) as error:
        raise ValueError("out of range") from error


def _name(text: str) -> str:
    """Return a name by which rows are found, "" for what can be none: an index has its limits."""
    name = text.strip()
    return name if len(name) <= _LONGEST_NAME else ""


def _agent(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,12}", text) else None


def _created(seconds: str) -> datetime:
    try:
        return moment(seconds)
    except ValueError:
        raise CallbackRejected("message") from None
