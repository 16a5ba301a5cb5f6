"""Quotes that fit a message: always an unbroken stretch of the document."""

import re

from bot.knowledge.tokens import plain
from bot.knowledge.wording import Wording

MESSAGE_CAP = 2048
"""Bytes of one text message (UTF-8)."""
WHOLE = 400
"""Characters up to which a passage is shown whole: measured better than choosing a sentence."""

_SENTENCES = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_CLAUSES = re.compile(r"[^，,；;。\n]*[，,；;。\n]?")


def size(text: str) -> int:
    """Return the bytes that `text` takes in a message."""
    return len(text.encode())


def quote(text: str, room: int, asked: Wording | None = None) -> str:
    """Return a stretch of `text` that fits into `room` bytes and ends with a sentence or clause.

    Without `asked` the stretch starts where `text` starts, else at its sentence that holds most
    of what is asked for.
    """
    if size(text) <= room and (asked is None or len(text) <= WHOLE):
        return text
    start = _best_start(text, asked) if asked else 0
    for pieces in (_SENTENCES, _CLAUSES):
        stretch = _grow(text[start:], room, pieces)
        if stretch:
            return stretch
    return _cut(text[start:], room)


def opening(text: str, characters: int = 40) -> str:
    """Return the first clauses of `text` of at most `characters`, without the last comma."""
    stretch = _grow(text, characters * 3, _CLAUSES) or text[:characters]
    return stretch.rstrip("，,；;。\n")


def _best_start(text: str, asked: Wording) -> int:
    best, start = -1, 0
    for match in _SENTENCES.finditer(text):
        if not match[0].strip():
            continue
        words = plain(match[0])
        held = sum(
            len(unit.text)
            for unit in asked.units
            if any(f in words for f in (unit.text, *unit.others))
        )
        if held > best:
            best, start = held, match.start()
    return start


def _grow(text: str, room: int, pieces: re.Pattern[str]) -> str:
    end = 0
    for match in pieces.finditer(text):
        if size(text[: match.end()]) > room:
            break
        end = match.end()
    return text[:end].strip()


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")
