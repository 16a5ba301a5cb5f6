"""A message on its way to people, and the exact bytes that go out for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.wecom.clipping import clip_bytes, size
from bot.wecom.wechat import json_bytes

MAX_RECIPIENTS = 1000
MAX_DUPLICATE_WINDOW = 14_400  # seconds
_TEXT_LIMIT = 2048  # bytes; WeCom silently cuts what is longer
# starts with a letter or digit, so that no entry of a roster can be "@all"
_USERID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@\-]{0,63}")


@dataclass(frozen=True)
class Outgoing:
    """`content` for up to 1,000 userids.

    WeCom delivers the same bytes only once within `duplicate_window` seconds, so a text that is
    meant to arrive twice must differ (its round, its date). Wrong values raise ValueError.
    """

    recipients: tuple[str, ...]
    msgtype: str
    content: Mapping[str, object]
    duplicate_window: int = 1800

    def __post_init__(self) -> None:
        if not 1 <= len(self.recipients) <= MAX_RECIPIENTS:
            raise ValueError("a message goes to 1 to 1000 people")
        if not all(_USERID.fullmatch(userid) for userid in self.recipients):
            raise ValueError("one of the recipients is no userid")
        if not 1 <= self.duplicate_window <= MAX_DUPLICATE_WINDOW:
            raise ValueError("WeCom remembers a message for 1 to 14400 seconds")


def text(recipients: tuple[str, ...], content: str) -> Outgoing:
    """Return a text message of 1 to 2048 bytes (bot.wecom.replies.split_text makes several)."""
    return Outgoing(recipients, "text", {"content": _fitting(content)})


def markdown(recipients: tuple[str, ...], content: str) -> Outgoing:
    """Return a markdown message of 1 to 2048 bytes; the WeChat plug-in does not show it."""
    return Outgoing(recipients, "markdown", {"content": _fitting(content)})


def textcard(recipients: tuple[str, ...], title: str, description: str, url: str) -> Outgoing:
    """Return a text card, cut to what WeCom shows; people's words need escape_tags first."""
    content = {
        "title": clip_bytes(title, 128),
        "description": clip_bytes(description, 512),
        "url": url,
    }
    return Outgoing(recipients, "textcard", content)


def card(recipients: tuple[str, ...], template_card: Mapping[str, object]) -> Outgoing:
    """Return a template card (bot.wecom.cards)."""
    return Outgoing(recipients, "template_card", template_card)


def file(recipients: tuple[str, ...], media_id: str) -> Outgoing:
    """Return an uploaded file."""
    return Outgoing(recipients, "file", {"media_id": media_id})


def send_body_bytes(message: Outgoing, agent_id: int) -> bytes:
    """Return the request body; the same message always gives the same bytes.

    A retry must repeat them exactly, or WeCom's duplicate check takes it for a new message.
    """
    return json_bytes(
        {
            "touser": "|".join(message.recipients),
            "agentid": agent_id,
            "msgtype": message.msgtype,
            message.msgtype: message.content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": message.duplicate_window,
        }
    )


def _fitting(content: str) -> str:
    if not 1 <= size(content) <= _TEXT_LIMIT:
        raise ValueError("a text has 1 to 2048 bytes")
    return content
