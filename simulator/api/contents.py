"""What may stand in a message of each type, and where WeCom cuts or refuses it [O 90236]."""

from collections.abc import Callable
from typing import Any

from simulator.card_rules import check_card
from simulator.errcodes import WecomError
from simulator.world import World

MAX_BYTES = 2048
"""Text is cut here; markdown is refused."""

Content = dict[str, Any]


def read_content(world: World, data: dict[str, Any]) -> tuple[str, Content]:
    """Return the msgtype and the content that will be shown; WecomError when refused."""
    msgtype = data.get("msgtype")
    reader = _READERS.get(msgtype) if isinstance(msgtype, str) else None
    if reader is None:
        raise WecomError(40008)
    assert isinstance(msgtype, str)
    content = data.get(msgtype)
    if not isinstance(content, dict):
        raise WecomError(44004 if msgtype == "text" else 40063)
    return msgtype, reader(world, content)


def cut(text: str, size: int) -> str:
    """Return `text` cut to `size` bytes of UTF-8, never inside a character."""
    return text.encode()[:size].decode(errors="ignore")


def _text(_world: World, content: Content) -> Content:
    text = content.get("content")
    if not isinstance(text, str) or not text:
        raise WecomError(44004)
    shown = cut(text, MAX_BYTES)
    return {"content": shown, **({"truncated": True} if shown != text else {})}


def _markdown(_world: World, content: Content) -> Content:
    text = content.get("content")
    if not isinstance(text, str) or not text:
        raise WecomError(44004)
    if len(text.encode()) > MAX_BYTES:
        raise WecomError(45002)
    return {"content": text}


def _textcard(_world: World, content: Content) -> Content:
    for name, errcode in (("title", 41016), ("description", 41033), ("url", 42028)):
        if not content.get(name):
            raise WecomError(errcode)
    return {
        "title": cut(str(content["title"]), 128),
        "description": cut(str(content["description"]), 512),
        "url": str(content["url"]),
        "btntxt": str(content.get("btntxt") or "详情")[:4],
    }


def _medium(kind: str) -> Callable[[World, Content], Content]:
    def read(world: World, content: Content) -> Content:
        media_id = content.get("media_id")
        if not media_id:
            raise WecomError(41006)
        medium = world.media.get(str(media_id))
        if medium.kind != kind:
            raise WecomError(40007)
        return {"media_id": media_id, "name": medium.name, "size": len(medium.content)}

    return read


def _news(_world: World, content: Content) -> Content:
    articles = content.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
        raise WecomError(45008)
    if not all(isinstance(article, dict) and article.get("title") for article in articles):
        raise WecomError(41016)
    return {"articles": articles}


def _card(world: World, content: Content) -> Content:
    check_card(content, world.task_ids)
    if task_id := content.get("task_id"):
        world.task_ids.add(str(task_id))
    return content


_READERS: dict[str, Callable[[World, Content], Content]] = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "image": _medium("image"),
    "voice": _medium("voice"),
    "video": _medium("video"),
    "file": _medium("file"),
    "news": _news,
    "template_card": _card,
}
