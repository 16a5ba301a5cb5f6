"""A message as handlers are to see it: whatever the person did becomes the words for it.

Cards and menus are shortcuts to the words that a person could type as well (contract.md 5), so a
click carries those words and is answered under the clicker's own authority.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.wecom.card_events import CardClicked, CardMenuChosen
from bot.wecom.events import AppStateChanged, MenuClicked, Subscribed, Unsubscribed
from bot.wecom.inbound import Inbound
from bot.wecom.messages import (
    FileMessage,
    ImageMessage,
    LinkMessage,
    LocationMessage,
    TextMessage,
    VideoMessage,
    VoiceMessage,
)

HELLO = "您好"
"""What a person who sees the bot for the first time is taken to say."""


class Kind(StrEnum):
    """How the message may be answered."""

    WORDS = "words"
    CLICK = "click"
    """A click on a card: the passive answer can only change the card."""
    MEDIA = "media"
    CAME = "came"
    """The person can see the app (again)."""
    LEFT = "left"
    """The person can no longer see the app."""
    ALARM = "alarm"
    """WeCom says something of the app itself that the office must know."""
    SILENT = "silent"
    """Stored and not answered."""


@dataclass(frozen=True)
class Incoming:
    """One message by its dedupe key."""

    key: str
    userid: str
    kind: Kind
    text: str
    plaintext: bytes
    limited: bool = True
    """Whether the answer has to fit into one message of WeCom; the terminal has room."""
    sent_at: datetime | None = None
    """When WeCom took it, by WeCom's clock and to the second; None is now."""


def from_wecom(message: Inbound) -> Incoming:
    """Return a decrypted WeCom message as handlers are to see it."""
    kind, text = _meaning(message)
    return Incoming(
        message.dedupe_key,
        message.userid,
        kind,
        text,
        message.plaintext,
        sent_at=message.created_at,
    )


def _meaning(message: Inbound) -> tuple[Kind, str]:
    match message:
        case TextMessage():
            return Kind.WORDS, message.content
        case MenuClicked():
            return Kind.WORDS, message.key
        case AppStateChanged():
            return Kind.ALARM, message.state
        case CardClicked() | CardMenuChosen():
            return Kind.CLICK, _chosen(message)
        case _:
            return _WITHOUT_WORDS.get(type(message), (Kind.SILENT, ""))


_WITHOUT_WORDS: dict[type[Inbound], tuple[Kind, str]] = {
    Subscribed: (Kind.CAME, HELLO),
    Unsubscribed: (Kind.LEFT, ""),
    ImageMessage: (Kind.MEDIA, ""),
    VoiceMessage: (Kind.MEDIA, ""),
    VideoMessage: (Kind.MEDIA, ""),
    FileMessage: (Kind.MEDIA, ""),
    LinkMessage: (Kind.MEDIA, ""),
    LocationMessage: (Kind.MEDIA, ""),
}


def _chosen(click: CardClicked | CardMenuChosen) -> str:
    """Return the words on the pressed button with what was selected beside it."""
    selected = click.selected if isinstance(click, CardClicked) else ()
    options = [option for item in selected for option in item.option_ids]
    return " ".join([click.key, *options])
