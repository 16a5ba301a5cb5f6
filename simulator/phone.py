"""A person's phone: what one can do in the app's conversation, and what then happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.callback import Callback, Delivery
from simulator.conversations import Entry, Kind
from simulator.inbound import Selections, Writer, selected_items
from simulator.passive import Reply
from simulator.world import World

_JPEG = b"\xff\xd8"


class PhoneError(Exception):
    """Something that cannot be done on this phone; the message is one Chinese sentence."""


@dataclass(frozen=True)
class Click:
    """A press on a card's button, with what was chosen in the card's questions."""

    key: str
    selections: Selections
    entry: int | None = None
    """The card's entry number; None is the newest card that has this key."""


class Phones:
    """All phones of the company, and the way from them to the bot."""

    def __init__(self, world: World, callback: Callback) -> None:
        self._world = world
        self._callback = callback
        self._writer = Writer(world.corp)

    def say(self, userid: str, text: str) -> Delivery:
        """Send a text message and wait for the passive reply."""
        self._world.show(userid, Kind.SENT, "text", {"content": text})
        return self._message(userid, "text", {"Content": text})

    def photo(self, userid: str, name: str, content: bytes, base_url: str) -> Delivery:
        """Send a picture."""
        mimetype = "image/jpeg" if content.startswith(_JPEG) else "image/png"
        media_id = self._world.media.put("image", name, content, mimetype)
        self._world.show(userid, Kind.SENT, "image", {"media_id": media_id, "name": name})
        url = f"{base_url}/simulator/media/{media_id}"
        return self._message(userid, "image", {"PicUrl": url, "MediaId": media_id})

    def enter(self, userid: str) -> Delivery:
        """Open the app's conversation."""
        return self._event(userid, "enter_agent", {"EventKey": ""})

    def unsubscribe(self, userid: str) -> Delivery:
        """Leave the visible range of the app."""
        return self._event(userid, "unsubscribe", {"EventKey": ""})

    def subscribe(self, userid: str) -> Delivery:
        """Come into the app's visible range."""
        return self._event(userid, "subscribe", {"EventKey": ""})

    def press_menu(self, userid: str, key: str) -> Delivery:
        """Press a menu button of type click."""
        name = next((b["name"] for b in _menu(self._world) if b.get("key") == key), None)
        if name is None:
            raise PhoneError("菜单里没有这个按钮。")
        self._world.show(userid, Kind.SENT, "menu", {"content": str(name)})
        return self._event(userid, "click", {"EventKey": key})

    def click(self, userid: str, click: Click) -> Delivery:
        """Press a card's button; the reply may change the card for this person."""
        entry = self._card(userid, click)
        card = entry.shown_card()
        in_menu = click.key in _menu_keys(card)
        fields = {
            "EventKey": click.key,
            "TaskId": str(card.get("task_id") or entry.message.body.get("task_id", "")),
            "CardType": str(card.get("card_type", "")),
            "ResponseCode": self._world.cards.issue(entry.message.msgid),
        }
        event = "template_card_menu_event" if in_menu else "template_card_event"
        inner = "" if in_menu else selected_items(click.selections)
        return self._event(userid, event, fields, inner, entry)

    def redeliver(self, delivery: Delivery, times: int) -> list[Delivery]:
        """Let WeCom deliver the same again; the phone shows nothing of it."""
        return self._callback.redeliver(delivery, times)

    def _message(self, userid: str, msgtype: str, fields: dict[str, str]) -> Delivery:
        at = self._world.clock.now()
        return self._deliver(userid, self._writer.message(userid, at, msgtype, fields), None)

    def _event(
        self,
        userid: str,
        event: str,
        fields: dict[str, str],
        inner: str = "",
        entry: Entry | None = None,
    ) -> Delivery:
        at = self._world.clock.now()
        return self._deliver(userid, self._writer.event(userid, at, event, fields, inner), entry)

    def _deliver(self, userid: str, plaintext: bytes, entry: Entry | None) -> Delivery:
        delivery = self._callback.deliver(userid, plaintext)
        if delivery.reply is not None:
            self._show(userid, delivery.reply, entry)
        if delivery.problem:
            self._world.show(userid, Kind.NOTE, "note", {"content": delivery.problem})
        return delivery

    def _show(self, userid: str, reply: Reply, entry: Entry | None) -> None:
        if reply.msgtype == "text":
            self._world.show(userid, Kind.REPLY, "text", reply.body)
        elif entry is not None:
            self._world.cards.change(userid, entry, reply.body)

    def _card(self, userid: str, click: Click) -> Entry:
        entries = self._world.conversations.entries(userid)
        for entry in reversed(entries):
            wanted = click.entry in {None, entry.number}
            if wanted and entry.message.msgtype == "template_card" and _pressable(entry, click.key):
                return entry
        raise PhoneError("这张卡片上没有这个按钮，或按钮已经失效。")


def _pressable(entry: Entry, key: str) -> bool:
    card = entry.shown_card()
    greyed = bool(entry.button) and key not in _menu_keys(card)
    return not entry.recalled and not greyed and key in _keys(card)


def _keys(card: dict[str, Any]) -> set[str]:
    buttons: list[dict[str, Any]] = [*(card.get("button_list") or [])]
    buttons.append(card.get("submit_button") or {})
    return {str(button["key"]) for button in buttons if button.get("key")} | _menu_keys(card)


def _menu_keys(card: dict[str, Any]) -> set[str]:
    actions = (card.get("action_menu") or {}).get("action_list") or []
    return {str(action.get("key", "")) for action in actions}


def _menu(world: World) -> Iterable[dict[str, Any]]:
    for button in (world.menu or {}).get("button", []):
        yield button
        yield from button.get("sub_button") or []
