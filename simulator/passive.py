"""The bot's passive reply: opened, checked and read as WeCom would [O 90241]."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from simulator.card_rules import check_card
from simulator.crypto import Envelope, EnvelopeError
from simulator.errcodes import WecomError

MAX_TEXT_BYTES = 2048
_EMPTY = {b"", b"success"}
_SPELLINGS = {
    "key_name": "keyname",
    "page_path": "pagepath",
    "app_id": "appid",
    "user_id": "userid",
}
"""Names that the JSON of a card writes as one word."""
_NUMBERS = {"type", "style", "mode", "desc_color"}
_LISTS = {
    "action_list",
    "articles",
    "button_list",
    "horizontal_content_list",
    "jump_list",
    "option_list",
    "select_list",
    "vertical_content_list",
}


class ReplyError(Exception):
    """A reply that WeCom would throw away; the message says why, in Chinese."""


@dataclass(frozen=True)
class Reply:
    """A passive reply. `body` has the shape of the API's JSON of the same kind."""

    msgtype: str
    body: dict[str, Any]

    @property
    def text(self) -> str | None:
        """The text of a text reply."""
        return self.body["content"] if self.msgtype == "text" else None


def read_reply(envelope: Envelope, body: bytes, userid: str) -> Reply | None:
    """Return the reply for `userid`; None when there is none; ReplyError when it is unusable."""
    if body.strip() in _EMPTY:
        return None
    try:
        outer = _parse(body)
        plaintext = envelope.open(
            _text(outer, "MsgSignature"),
            _text(outer, "TimeStamp"),
            _text(outer, "Nonce"),
            _text(outer, "Encrypt"),
        )
    except EnvelopeError as error:
        raise ReplyError(f"回复的签名或加密不对（{error}）") from None
    return _read(_parse(plaintext), userid)


def _parse(body: bytes) -> Element:
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        raise ReplyError("回复不是有效的 XML") from None
    return root


def _text(parent: Element, name: str) -> str:
    return parent.findtext(name) or ""


def _read(xml: Element, userid: str) -> Reply:
    if _text(xml, "ToUserName").lower() != userid.lower():
        raise ReplyError("回复写给了别人")
    msgtype = _text(xml, "MsgType")
    if msgtype == "text":
        content = _text(xml, "Content")
        shown = content.encode()[:MAX_TEXT_BYTES].decode(errors="ignore")
        return Reply(
            "text", {"content": shown, **({"truncated": True} if shown != content else {})}
        )
    if msgtype == "update_button":
        return Reply(
            msgtype, {"button": {"replace_name": xml.findtext("Button/ReplaceName") or ""}}
        )
    if msgtype == "update_template_card":
        return Reply(msgtype, {"template_card": _card(xml.find("TemplateCard"))})
    raise ReplyError(f"不认识的回复类型 {msgtype}")


def _card(element: Element | None) -> dict[str, Any]:
    if element is None:
        raise ReplyError("回复里没有卡片")
    card = _as_json(element)
    try:
        check_card({"task_id": "updated", **card}, set())
    except WecomError as error:
        raise ReplyError(f"回复里的卡片不合要求（{error.errcode}）") from None
    return card


def _as_json(parent: Element) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for child in parent:
        name = _snake(child.tag)
        value = _value(name, child)
        if name in _LISTS:
            result.setdefault(name, []).append(value)
        else:
            result[name] = value
    return result


def _value(name: str, element: Element) -> Any:
    text = element.text or ""
    if len(element):
        return _as_json(element)
    return int(text) if name in _NUMBERS and text.isdecimal() else text


def _snake(name: str) -> str:
    spelled = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return _SPELLINGS.get(spelled, spelled)
