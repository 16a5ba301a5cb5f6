"""Passive replies: what stands in the answer to a callback (official page 90241).

They cost no quota and need no token, but WeCom waits only five seconds for them. An empty
answer, `EMPTY`, means: received, nothing to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.wecom.clipping import clusters, size
from bot.wecom.inbound import Inbound
from bot.wecom.markup import drop_forbidden, write

EMPTY = b""
TEXT_LIMIT = 2048  # bytes of UTF-8; WeCom silently cuts what is longer
# JSON names whose XML form is not simply the words of the name in capitals
_IRREGULAR = {"keyname": "KeyName", "checkbox": "CheckBox"}
_BREAKS = ("\n", "。！？!?；;", "，,、 ")  # best first


@dataclass(frozen=True)
class Envelope:
    """To whom and when a reply is written."""

    userid: str
    corp_id: str
    at: datetime


def answer_to(message: Inbound, at: datetime) -> Envelope:
    """Return the envelope that answers `message` at the moment `at`."""
    return Envelope(message.head.sender, message.corp_id, at)


def text(envelope: Envelope, content: str) -> bytes:
    """Return a text reply; `content` has at most TEXT_LIMIT bytes (see split_text)."""
    return _xml(envelope, "text", {"Content": content})


def update_button(envelope: Envelope, replace_name: str) -> bytes:
    """Return the reply to a card click that greys the buttons for the one who clicked."""
    return _xml(envelope, "update_button", {"Button": {"ReplaceName": replace_name}})


def update_template_card(envelope: Envelope, card: Mapping[str, object]) -> bytes:
    """Return the reply to a card click that shows the one who clicked another card.

    `card` is the JSON form that bot.wecom.cards builds.
    """
    return _xml(envelope, "update_template_card", {"TemplateCard": _capitals(card)})


def _xml(envelope: Envelope, kind: str, content: Mapping[str, object]) -> bytes:
    head = {
        "ToUserName": envelope.userid,
        "FromUserName": envelope.corp_id,
        "CreateTime": int(envelope.at.timestamp()),
        "MsgType": kind,
    }
    return write("xml", {**head, **content}).encode()


def _capitals(value: object) -> object:
    if isinstance(value, Mapping):
        return {_capital(name): _capitals(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_capitals(part) for part in value]
    return value


def _capital(name: str) -> str:
    return _IRREGULAR.get(name) or "".join(word.capitalize() for word in name.split("_"))


def split_text(content: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Return `content` in parts of at most `limit` bytes (at least 32), numbered if several.

    Breaks at lines, else sentences, else commas, and never inside a character or a link.
    Blank content gives no part at all.
    """
    content = drop_forbidden(content).replace("\r\n", "\n").rstrip()
    if not content:
        return ()
    if size(content) <= limit:
        return (content,)
    digits = 1
    while True:
        room = limit - size(_number("9" * digits, "9" * digits))
        parts = tuple(_pieces(content, room))
        if len(str(len(parts))) <= digits:
            return tuple(_number(i, len(parts)) + part for i, part in enumerate(parts, 1))
        digits += 1


def _number(index: object, count: object) -> str:
    return f"({index}/{count})\n"


def _pieces(content: str, room: int) -> Iterator[str]:
    rest = clusters(content, room)
    while rest:
        fit = _fitting(rest, room)
        if fit < len(rest):
            fit = _best_break(rest[:fit])
        piece = "".join(rest[:fit]).strip("\n").rstrip()
        if piece:
            yield piece
        rest = rest[fit:]


def _fitting(rest: list[str], room: int) -> int:
    used = 0
    for count, piece in enumerate(rest):
        used += size(piece)
        if used > room:
            return count
    return len(rest)


def _best_break(window: list[str]) -> int:
    """Return how much of `window` to take; a break in its first half would waste too much."""
    for marks in _BREAKS:
        for index in range(len(window) - 1, len(window) // 2, -1):
            if window[index] in marks:
                return index + 1
    return len(window)
