"""Which template cards WeCom refuses, and with which errcode (protocol 4.2)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from simulator.errcodes import WecomError

Card = dict[str, Any]

_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_MAX_KEY_BYTES = 1024


def check_card(card: object, used_task_ids: set[str]) -> None:
    """Raise WecomError for the first rule that the card breaks.

    `used_task_ids` are those the app has sent before: a task_id is unique per app.
    """
    if not isinstance(card, dict):
        raise WecomError(40063)
    rules = _RULES.get(str(card.get("card_type", "")))
    if rules is None:
        raise WecomError(42031)
    for rule in (_title, _horizontal, _jumps, _menu, *rules):
        rule(card)
    _task_id(card, used_task_ids)


def _require(kept: object, errcode: int) -> None:
    if not kept:
        raise WecomError(errcode)


def _items(parent: Card, name: str, sizes: range, errcode: int) -> Iterator[Card]:
    items = parent.get(name) or []
    _require(isinstance(items, list) and len(items) in sizes, errcode)
    for item in items:
        _require(isinstance(item, dict), 40058)
        yield item


def _title(card: Card) -> None:
    title = (card.get("main_title") or {}).get("title") or card.get("sub_title_text")
    _require(title, 42033)


def _horizontal(card: Card) -> None:
    for item in _items(card, "horizontal_content_list", range(7), 42035):
        _require(item.get("keyname"), 42027)
        _require(item.get("type") != 1 or item.get("url"), 42028)


def _jumps(card: Card) -> None:
    for item in _items(card, "jump_list", range(4), 42042):
        _require(item.get("title"), 42033)
        _require(item.get("type") != 1 or item.get("url"), 42028)


def _menu(card: Card) -> None:
    menu = card.get("action_menu")
    if menu is None:
        return
    actions = list(_items(menu, "action_list", range(1, 4), 42037))
    for action in actions:
        _key(action, 42019)
        _require(action.get("text"), 42020)
    _require(len({action["key"] for action in actions}) == len(actions), 42051)


def _action(card: Card) -> None:
    action = card.get("card_action") or {}
    _require(action.get("type") in {1, 2}, 42045)
    _require(action.get("type") != 1 or action.get("url"), 42028)


def _buttons(card: Card) -> None:
    for button in _items(card, "button_list", range(1, 7), 42038):
        _require(button.get("text"), 42038)
        if button.get("type") == 1:
            _require(button.get("url"), 42028)
        else:
            _key(button, 42039)
    if "button_selection" in card:
        _question(card["button_selection"], range(1, 11))


def _vote(card: Card) -> None:
    _question(card.get("checkbox") or {}, range(1, 21))
    _submit(card)


def _multiple(card: Card) -> None:
    for question in _items(card, "select_list", range(1, 4), 42047):
        _question(question, range(1, 11))
    _submit(card)


def _question(question: Card, sizes: range) -> None:
    _require(question.get("question_key"), 42043)
    for option in _items(question, "option_list", sizes, 42037):
        _require(option.get("id") not in {None, ""}, 42040)
        _require(option.get("text"), 42041)


def _submit(card: Card) -> None:
    button = card.get("submit_button") or {}
    _require(button.get("text"), 42049)
    _key(button, 42046)


def _key(holder: Card, errcode: int) -> None:
    key = holder.get("key")
    _require(isinstance(key, str) and 0 < len(key.encode()) <= _MAX_KEY_BYTES, errcode)


def _task_id(card: Card, used: set[str]) -> None:
    task_id = card.get("task_id", "")
    notice = card["card_type"] in {"text_notice", "news_notice"}
    if notice and not task_id and "action_menu" not in card:
        return
    _require(isinstance(task_id, str) and _TASK_ID.fullmatch(task_id), 42014)
    _require(task_id not in used, 42014)


_RULES: dict[str, tuple[Callable[[Card], None], ...]] = {
    "text_notice": (_action,),
    "news_notice": (_action,),
    "button_interaction": (_buttons,),
    "vote_interaction": (_vote,),
    "multiple_interaction": (_multiple,),
}
