"""What 前, 后, 内, 期间 and a length of time do to an anchor.

The clerk's reading: a date by number includes its day (8月10日前 → 8月10日, 月底前 → the last day);
a holiday by name does not (八一前 → 7月31日); a span of days does not (9月前 → 8月31日).
After a holiday, days are counted from the end of its days off.
前三个工作日 names one day, 前三个工作日内 the days up to the eve.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.language.anchors import Kind
from bot.language.durations import LENGTH, Length, read_length
from bot.language.feasts import during
from bot.language.hours import CLOCK
from bot.language.period import DAY, Period, Scene


def _length_named(prefix: str) -> str:
    return LENGTH.replace("(?P<", f"(?P<{prefix}") + rf"(?P<{prefix}inside>[之以]?内)?"


_ROWS = (
    r"(?P<before>[之以]?前)的?(?:头|最后|最迟|至少|提前)?第?"
    + _length_named("b_")
    + r"(?:之?前|开始)?",
    r"(?P<after>[之以过]?后)的?(?P<nth>第)?" + _length_named("a_") + r"(?:之?前)?",
    r"(?P<eve>前夕|前夜|前一天|前一日)",
    r"(?P<till>[之以]?前(?![往来后期景沿列方任述提线进去半]|三季)|为?止|截止)",
    r"(?P<since>[之以过节]?后(?![续期勤备路院代方台])|起|开始|以来)",
    r"(?P<within>[之以]?内|里)(?![容部网外务])",
    r"(?P<during>期间|假期|长假|黄金周|放假|这几天|这段时间|当天|当日|那天|这天)",
)
_RELATION = re.compile("|".join(_ROWS))
VAGUE = re.compile(r"左右|前后|上下|附近|许")
DEADLINE = frozenset({"before", "eve", "till", "within"})
_ONE_DAY = frozenset({Kind.DATE, Kind.WEEKDAY, Kind.LUNAR})
NO_LAST_DAY = "只说了“后”，没有说到哪一天为止。"


@dataclass(frozen=True)
class Subject:
    """The anchor as the relation sees it."""

    kind: Kind
    scene: Scene


@dataclass(frozen=True)
class Relation:
    """What stood after an anchor: its `name`, where it ends, and how it moves a period."""

    name: str
    end: int
    apply: Callable[[Period, Subject], Period]


def relation_at(plain: str, start: int) -> Relation:
    """Read the relation at `start`; one without effect when there is none."""
    clock = CLOCK.match(plain, start)
    begin = clock.end() if clock else start
    match = _RELATION.match(plain, begin)
    if match is None:
        return Relation("", begin, _same)
    name = next(group for group in _EFFECTS if match[group])
    return Relation(name, match.end(), _EFFECTS[name](match))


def _same(period: Period, _subject: Subject) -> Period:
    return period


def _length(match: re.Match[str], prefix: str) -> Length | None:
    groups = {key[2:]: value for key, value in match.groupdict().items() if key.startswith(prefix)}
    return read_length(groups)


def _before(match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    length, inside = _length(match, "b_"), match["b_inside"]

    def apply(period: Period, subject: Subject) -> Period:
        if length is None:
            return replace(period, flaw="没有读懂提前多久。")
        point = length.before(period.first, subject.scene.days)
        rough = period.tentative or point.tentative
        if inside:
            return replace(period, first=point.first, last=period.first - DAY, tentative=rough)
        return replace(period.on(point.first), tentative=rough)

    return apply


def _after(match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    length, inside = _length(match, "a_"), match["a_inside"]

    def apply(period: Period, subject: Subject) -> Period:
        if length is None:
            return replace(period, flaw="没有读懂往后多久。")
        start = during(period, subject.scene.days)
        point = length.after(start.last, subject.scene.days)
        rough = start.tentative or point.tentative
        if inside or (match["nth"] and length.unit in {"周", "月"}):
            return replace(start, first=start.last + DAY, last=point.first, tentative=rough)
        return replace(start.on(point.first), tentative=rough)

    return apply


def _eve(_match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    return lambda period, _subject: period.on(period.first - DAY)


def _till(match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    inclusive = not match["till"].endswith("前")

    def apply(period: Period, subject: Subject) -> Period:
        if inclusive or subject.kind in _ONE_DAY:
            return period.on(period.last)
        return period.on(period.first - DAY)

    return apply


def _since(match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    later = match["since"].endswith("后")

    def apply(period: Period, subject: Subject) -> Period:
        if not later:
            return replace(period.on(period.first), open_ended=True)
        start = during(period, subject.scene.days)
        return replace(start.on(start.last + DAY), open_ended=True, note=start.note or NO_LAST_DAY)

    return apply


def _within(_match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    def apply(period: Period, subject: Subject) -> Period:
        base = subject.scene.base
        return replace(period, first=max(period.first, base)) if base <= period.last else period

    return apply


def _during(match: re.Match[str]) -> Callable[[Period, Subject], Period]:
    one_day = match["during"][-1] in "天日"

    def apply(period: Period, subject: Subject) -> Period:
        return period if one_day else during(period, subject.scene.days)

    return apply


_EFFECTS: dict[str, Callable[[re.Match[str]], Callable[[Period, Subject], Period]]] = {
    "before": _before,
    "after": _after,
    "eve": _eve,
    "till": _till,
    "since": _since,
    "within": _within,
    "during": _during,
}
