"""The plaintext XML of what WeCom tells the bot: messages and events [O 90239, 90240]."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from simulator.corp import Corp

Fields = Mapping[str, str | int]
Selections = Mapping[str, Iterable[str]]


def cdata(text: str) -> str:
    """Return `text` as CDATA, also when it holds the end mark."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


class Writer:
    """Writes the XML for one app."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp

    def message(self, userid: str, at: datetime, msgtype: str, fields: Fields) -> bytes:
        """Return a message; each gets a MsgId of its own."""
        own = {**fields, "MsgId": secrets.randbits(62)}
        return self._xml(userid, at, {"MsgType": msgtype, **own}, "")

    def event(
        self, userid: str, at: datetime, event: str, fields: Fields, inner: str = ""
    ) -> bytes:
        """Return an event; events have no MsgId. `inner` is finished XML."""
        return self._xml(userid, at, {"MsgType": "event", "Event": event, **fields}, inner)

    def _xml(self, userid: str, at: datetime, fields: Fields, inner: str) -> bytes:
        common: dict[str, str | int] = {
            "ToUserName": self._corp.corp_id,
            "FromUserName": userid,
            "CreateTime": int(at.timestamp()),
            **fields,
            "AgentID": self._corp.agent_id,
        }
        body = "".join(_element(name, value) for name, value in common.items())
        return f"<xml>{body}{inner}</xml>".encode()


def selected_items(selections: Selections) -> str:
    """Return SelectedItems of a card click; nothing when the card has no choices."""
    items = "".join(
        f"<SelectedItem>{_element('QuestionKey', question)}"
        f"<OptionIds>{''.join(_element('OptionId', option) for option in options)}</OptionIds>"
        "</SelectedItem>"
        for question, options in selections.items()
    )
    return f"<SelectedItems>{items}</SelectedItems>" if items else ""


def _element(name: str, value: str | int) -> str:
    shown = str(value) if isinstance(value, int) else cdata(value)
    return f"<{name}>{shown}</{name}>"
