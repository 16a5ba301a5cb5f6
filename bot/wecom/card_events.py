"""What people do with cards: buttons, menus and the choices that are submitted."""

from dataclasses import dataclass

from bot.wecom.inbound import Builder, Head, Inbound
from bot.wecom.markup import Node


@dataclass(frozen=True, slots=True)
class SelectedItem:
    """One question of a card and what was chosen: none, one or several options."""

    question_key: str
    option_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardClicked(Inbound):
    """A button of a card was pressed, perhaps submitting choices.

    `response_code` changes the card once, within 72 hours. Nothing here may be trusted without
    a look at the register of cards that were sent: who may press, and which keys exist.
    """

    key: str
    task_id: str
    card_type: str
    response_code: str
    selected: tuple[SelectedItem, ...]


@dataclass(frozen=True, slots=True)
class CardMenuChosen(Inbound):
    """An entry of a card's corner menu was chosen."""

    key: str
    task_id: str
    card_type: str
    response_code: str


@dataclass(frozen=True, slots=True)
class TaskCardClicked(Inbound):
    """A button of the old task card (interactive_taskcard) was pressed."""

    key: str
    task_id: str


def _clicked(head: Head, root: Node) -> Inbound:
    return CardClicked(
        head,
        root.text("EventKey"),
        root.text("TaskId"),
        root.text("CardType"),
        root.text("ResponseCode"),
        tuple(_selected(item) for item in root.child("SelectedItems").all("SelectedItem")),
    )


def _selected(item: Node) -> SelectedItem:
    options = item.child("OptionIds").all("OptionId")
    return SelectedItem(item.text("QuestionKey"), tuple(option.value for option in options))


def _menu(head: Head, root: Node) -> Inbound:
    return CardMenuChosen(
        head,
        root.text("EventKey"),
        root.text("TaskId"),
        root.text("CardType"),
        root.text("ResponseCode"),
    )


CARD_EVENTS: dict[str, Builder] = {
    "template_card_event": _clicked,
    "template_card_menu_event": _menu,
    "taskcard_click": lambda head, root: TaskCardClicked(
        head, root.text("EventKey"), root.text("TaskId")
    ),
}
