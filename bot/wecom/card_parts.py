"""The parts that template cards are made of (official page 90236).

Texts longer than WeCom shows are cut; too many or too few parts, equal keys and wrong ids are a
mistake of the caller and raise ValueError, before WeCom answers with one of 42014 to 42051.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from bot.wecom.clipping import clip
from bot.wecom.markup import drop_forbidden

# characters that WeCom shows of each text
LIMITS: Mapping[str, int] = {
    "title": 36,
    "desc": 44,
    "source": 13,
    "sub_title": 160,
    "figure": 14,
    "figure_desc": 22,
    "row_label": 5,
    "row_value": 30,
    "link": 13,
    "button": 10,
    "option": 17,
    "choice": 13,
    "quote_title": 36,
    "quote": 160,
}
Part = TypeVar("Part")
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_KEY_LIMIT = 1024  # bytes


class Style(IntEnum):
    """The look of a button."""

    BLUE = 1
    BLACK = 2
    RED = 3
    GREY = 4


@dataclass(frozen=True)
class Button:
    """A button that calls back with `key`; also an entry of a card's corner menu."""

    text: str
    key: str
    style: Style = Style.BLUE


@dataclass(frozen=True)
class Option:
    """One possible answer."""

    id: str
    text: str


@dataclass(frozen=True)
class Choice:
    """A drop-down list: exactly one of 1 to 10 options; the first unless `selected_id` says."""

    question_key: str
    title: str
    options: Sequence[Option]
    selected_id: str = ""


@dataclass(frozen=True)
class Vote:
    """1 to 20 options to tick, one or (`several`) any number of them; `checked` ids are ticked."""

    question_key: str
    options: Sequence[Option]
    several: bool = False
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One line of the card's small table; with `url` the value is a link."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Link:
    """A line at the foot of the card that opens a page."""

    title: str
    url: str


@dataclass(frozen=True)
class Figure:
    """The number that a text notice shows large, and what it counts."""

    title: str
    desc: str = ""


def shown(text: str, limit: str) -> str:
    """Return `text` as the card can show it, cut to the limit of that name."""
    return clip(drop_forbidden(text), LIMITS[limit])


def task_id(text: str) -> str:
    """Return a valid task id; it must be unique within the app."""
    if not _TASK_ID.fullmatch(text):
        raise ValueError("a task id has 1 to 128 of 0-9 A-Z a-z _ - @")
    return text


def button(part: Button) -> dict[str, object]:
    """Return a button of a button list."""
    return {"text": shown(part.text, "button"), "style": int(part.style), "key": _key(part.key)}


def action(part: Button) -> dict[str, object]:
    """Return a button without a style: a menu entry or the submit button."""
    return {"text": shown(part.text, "button"), "key": _key(part.key)}


def choice(part: Choice) -> dict[str, object]:
    """Return a drop-down list."""
    ids = [option.id for option in counted(part.options, 1, 10)]
    unique(ids)
    selected = part.selected_id or ids[0]
    if selected not in ids:
        raise ValueError("the selected option is not among the options")
    return {
        "question_key": _key(part.question_key),
        "title": shown(part.title, "choice"),
        "option_list": [_option(option) for option in part.options],
        "selected_id": selected,
    }


def vote(part: Vote) -> dict[str, object]:
    """Return a list of options to tick."""
    unique(option.id for option in counted(part.options, 1, 20))
    return {
        "question_key": _key(part.question_key),
        "mode": int(part.several),
        "option_list": [
            {**_option(option), "is_checked": option.id in part.checked} for option in part.options
        ],
    }


def row(part: Row) -> dict[str, object]:
    """Return a line of the small table."""
    line: dict[str, object] = {
        "keyname": shown(part.label, "row_label"),
        "value": shown(part.value, "row_value"),
    }
    return {"type": 1, **line, "url": part.url} if part.url else line


def link(part: Link) -> dict[str, object]:
    """Return a line at the foot."""
    return {"type": 1, "title": shown(part.title, "link"), "url": part.url}


def figure(part: Figure) -> dict[str, object]:
    """Return the large number."""
    return {"title": shown(part.title, "figure"), "desc": shown(part.desc, "figure_desc")}


def counted(parts: Sequence[Part], least: int, most: int) -> Sequence[Part]:
    """Return `parts` if there are as many as WeCom takes, else raise ValueError."""
    if not least <= len(parts) <= most:
        raise ValueError(f"a card takes {least} to {most} of these, not {len(parts)}")
    return parts


def unique(keys: Iterable[str]) -> None:
    """Raise ValueError if a key comes twice: WeCom could not tell the answers apart."""
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise ValueError("two parts of a card have the same key")


def _option(option: Option) -> dict[str, object]:
    return {"id": _key(option.id), "text": shown(option.text, "option")}


def _key(key: str) -> str:
    if not 1 <= len(key.encode()) <= _KEY_LIMIT:
        raise ValueError("a key has 1 to 1024 bytes")
    return key
