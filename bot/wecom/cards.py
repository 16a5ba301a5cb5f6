"""Template cards as the JSON that message/send takes (official page 90236).

A card lives 72 hours and takes no free text; every action on it has a text form, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.wecom import card_parts as parts
from bot.wecom.card_parts import Button, Choice, Figure, Link, Row, Vote, counted, shown, unique

Card = dict[str, object]


@dataclass(frozen=True)
class Face:
    """What all kinds of cards can show.

    `url` opens when the card is pressed; `menu` is the corner menu (up to 3 entries, then the
    card needs a task id). Rows: up to 6, links: up to 3.
    """

    title: str
    desc: str = ""
    source: str = ""
    sub_title: str = ""
    quote: str = ""
    rows: Sequence[Row] = ()
    links: Sequence[Link] = ()
    url: str = ""
    menu: Sequence[Button] = ()


def button_interaction(
    face: Face, task_id: str, buttons: Sequence[Button], choice: Choice | None = None
) -> Card:
    """Return a card with 1 to 6 buttons and perhaps a drop-down list."""
    unique(button.key for button in counted(buttons, 1, 6))
    card = _interactive("button_interaction", face, task_id)
    if choice:
        card["button_selection"] = parts.choice(choice)
    card["button_list"] = [parts.button(button) for button in buttons]
    return card


def vote_interaction(face: Face, task_id: str, vote: Vote, submit: Button) -> Card:
    """Return a card with options to tick and a submit button."""
    card = _interactive("vote_interaction", face, task_id)
    card["checkbox"] = parts.vote(vote)
    card["submit_button"] = parts.action(submit)
    return card


def multiple_interaction(
    face: Face, task_id: str, choices: Sequence[Choice], submit: Button
) -> Card:
    """Return a card with 1 to 3 drop-down lists and a submit button."""
    unique(choice.question_key for choice in counted(choices, 1, 3))
    card = _interactive("multiple_interaction", face, task_id)
    card["select_list"] = [parts.choice(choice) for choice in choices]
    card["submit_button"] = parts.action(submit)
    return card


def text_notice(face: Face, figure: Figure | None = None, task_id: str = "") -> Card:
    """Return a card that tells something; `face.url` is required (else 42045)."""
    card = _notice("text_notice", face, task_id)
    if figure:
        card["emphasis_content"] = parts.figure(figure)
    return card


def news_notice(face: Face, image_url: str, task_id: str = "") -> Card:
    """Return a card with a picture; `face.url` is required (else 42045)."""
    card = _notice("news_notice", face, task_id)
    card["card_image"] = {"url": image_url}
    return card


def replaced_button(text: str) -> Card:
    """Return the change that greys a card's buttons and shows `text` on them."""
    return {"button": {"replace_name": shown(text, "button")}}


def replaced_card(card: Mapping[str, object], button_text: str = "") -> Card:
    """Return the change that shows another card; `button_text` greys its submit button."""
    changed = {name: value for name, value in card.items() if name != "task_id"}
    if button_text:
        changed["replace_text"] = shown(button_text, "button")
    return {"template_card": changed}


def _interactive(kind: str, face: Face, task_id: str) -> Card:
    return {"card_type": kind, "task_id": parts.task_id(task_id), **_common(face)}


def _notice(kind: str, face: Face, task_id: str) -> Card:
    if not face.url:
        raise ValueError("a notice needs the page that it opens")
    if task_id or face.menu:
        return _interactive(kind, face, task_id)
    return {"card_type": kind, **_common(face)}


def _common(face: Face) -> Card:
    """Return the filled parts only: WeCom refuses some that are empty."""
    title = {"title": shown(face.title, "title"), "desc": shown(face.desc, "desc")}
    filled: Card = {
        "source": {"desc": shown(face.source, "source")} if face.source else None,
        "action_menu": _menu(face.menu),
        "main_title": {name: text for name, text in title.items() if text},
        "quote_area": {"quote_text": shown(face.quote, "quote")} if face.quote else None,
        "sub_title_text": shown(face.sub_title, "sub_title"),
        "horizontal_content_list": [parts.row(row) for row in counted(face.rows, 0, 6)],
        "jump_list": [parts.link(link) for link in counted(face.links, 0, 3)],
        "card_action": {"type": 1, "url": face.url} if face.url else None,
    }
    return {name: part for name, part in filled.items() if part}


def _menu(menu: Sequence[Button]) -> Card | None:
    unique(entry.key for entry in counted(menu, 0, 3))
    if not menu:
        return None
    return {"desc": "更多", "action_list": [parts.action(entry) for entry in menu]}
