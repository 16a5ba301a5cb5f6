"""What an anchor is: a phrase that names days by itself, before 前, 后 or 内 move it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.language.needed import needed
from bot.language.numbers import SMALL, whole
from bot.language.period import Period, Scene

Resolve = Callable[[re.Match[str], Scene], tuple[Period, ...]]

YEAR = (
    r"(?:(?P<year>(?:今|去|明|前|后|来|次|翌|本|当|上|下)年度?|上一年|下一年"
    r"|(?<!\d)(?:19|20)?\d\d年度?|二[〇零][〇零一二三四五六七八九]{2}年)的?)"
)
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"


class Kind(Enum):
    """How 前 and 后 treat an anchor.

    DATE: a day given by number, weekday or month end; 前 includes it (8月10日前, 月底前).
    WEEKDAY: as DATE; without 上 or 下 it is this week's or next week's.
    LUNAR: a day of the lunar calendar by number; as DATE, but without a year it is the coming one.
    FEAST: a day given by name; 前 means the eve, 后 begins after its days off (八一前, 节后).
    PERIOD: several days; 前 means the day before they begin (9月前, 下旬前).
    """

    DATE = auto()
    WEEKDAY = auto()
    LUNAR = auto()
    FEAST = auto()
    PERIOD = auto()


@dataclass(frozen=True)
class Anchor:
    """One pattern and how a match of it becomes candidate periods, one for each possible year.

    `needed` are characters without which it cannot match.
    """

    pattern: re.Pattern[str]
    needed: frozenset[str]
    kind: Kind
    resolve: Resolve


def anchor(pattern: str, kind: Kind, resolve: Resolve) -> Anchor:
    """Compile one row of an anchor table."""
    compiled = re.compile(pattern)
    return Anchor(compiled, needed(compiled), kind, resolve)


def years(match: re.Match[str], scene: Scene) -> tuple[int, ...]:
    """Return the years that the phrase's `year` group allows."""
    word = match.groupdict().get("year")
    if word is None:
        return scene.years()
    word = word.removesuffix("度")
    figures = whole(word.removesuffix("年"))
    if figures is None:
        return scene.years(word)
    return (figures if figures > 99 else 2000 + figures,)


def number(match: re.Match[str], group: str) -> int:
    """Return the whole number in a group; 0 when the group is empty."""
    text = match.groupdict().get(group)
    return (whole(text) or 0) if text else 0


__all__ = ["MONTH", "SMALL", "YEAR", "Anchor", "Kind", "Resolve", "anchor", "number", "years"]
