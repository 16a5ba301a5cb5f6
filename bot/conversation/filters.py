"""Filters say whether a route answers a message. They are tried from fine to coarse."""

import re
import unicodedata
from collections.abc import Callable
from typing import Protocol

from bot.conversation.context import Context
from bot.conversation.levels import Level

_BOUNDARY = r"(?=$|[\s,，。；;：:、!！]|第|要点|到|至|\d)"
_POINTS_ONLY = re.compile(r"^(?:第|要点)?[\d〇零一二三四五六七八九十百、,，和及\s-]+[条点]?\s*$")


class Filter(Protocol):
    """A question about a message."""

    level: Level

    def __call__(self, ctx: Context) -> bool:
        """Whether the message is meant."""
        ...


class _Filter:
    def __init__(self, level: Level, test: Callable[[Context], bool]) -> None:
        self.level = level
        self._test = test

    def __call__(self, ctx: Context) -> bool:
        return self._test(ctx)


def command(*words: str, level: Level = Level.COMMAND) -> Filter:
    """The message begins with one of these words, or is a point followed by one (第11条 汇总).

    What remains is left in `ctx.rest`.
    """
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    leading = re.compile(
        rf"^\s*(?:请|麻烦|帮我)?(?:{either}){_BOUNDARY}[\s,，：:]*(?P<rest>.*)$", re.DOTALL
    )
    trailing = re.compile(rf"^(?P<rest>.+?)\s*的?(?:{either})[。!！]?$", re.DOTALL)

    def matches(ctx: Context) -> bool:
        text = ctx.narrow
        found = leading.match(text)
        if found is None:
            found = trailing.match(text)
            if found is None or not _POINTS_ONLY.match(found["rest"]):
                return False
        ctx.rest = ctx.text[found.start("rest") : found.end("rest")].strip()
        return True

    return _Filter(level, matches)


def only(*words: str, level: Level = Level.COMMAND) -> Filter:
    """The message is one of these words and nothing else."""

    def matches(ctx: Context) -> bool:
        return plain(ctx.text).rstrip("。.!！?？ ") in words

    return _Filter(level, matches)


def intent(*names: str) -> Filter:
    """The message reads as a report, a question, a greeting …"""
    level = Level.REPORT if "report" in names else Level.QUESTION
    return _Filter(level, lambda ctx: ctx.reading.intent in names)


def anything() -> Filter:
    """Whatever nobody else answered."""
    return _Filter(Level.REST, lambda ctx: True)


def plain(text: str) -> str:
    """Return `text` with full-width letters and digits made plain, without outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()
