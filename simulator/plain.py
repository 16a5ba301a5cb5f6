"""Any message as plain lines of text, the way a person would read it aloud."""

from collections.abc import Callable, Iterator
from typing import Any

from simulator.conversations import Entry

Body = dict[str, Any]


def plain(entry: Entry) -> str:
    """Return the text of an entry as it is shown now; a recalled one is empty."""
    if entry.recalled:
        return ""
    reader = _READERS.get(entry.message.msgtype)
    body = entry.shown_card()
    return reader(body) if reader else f"[{entry.message.msgtype}]"


def _content(body: Body) -> str:
    return str(body.get("content", ""))


def _file(body: Body) -> str:
    return f"[文件] {body.get('name', '')}"


def _image(body: Body) -> str:
    return f"[图片] {body.get('name', '')}".strip()


def _textcard(body: Body) -> str:
    return f"{body['title']}\n{body['description']}"


def _news(body: Body) -> str:
    return "\n".join(str(article["title"]) for article in body["articles"])


def _card(body: Body) -> str:
    return "\n".join(line for line in _card_lines(body) if line)


def _card_lines(card: Body) -> Iterator[str]:
    for part, names in _PARTS:
        yield from (str((card.get(part) or {}).get(name, "")) for name in names)
    yield str(card.get("sub_title_text", ""))
    for item in card.get("horizontal_content_list") or []:
        yield f"{item.get('keyname', '')}：{item.get('value', '')}"


_PARTS = (
    ("main_title", ("title", "desc")),
    ("emphasis_content", ("title", "desc")),
    ("quote_area", ("title", "quote_text")),
)
_READERS: dict[str, Callable[[Body], str]] = {
    "text": _content,
    "markdown": _content,
    "note": _content,
    "menu": _content,
    "file": _file,
    "image": _image,
    "textcard": _textcard,
    "news": _news,
    "template_card": _card,
}
