"""Every time expression in a text: where it stands and which days it means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from bot.language.anchors import Anchor, Kind
from bot.language.dates import DATES
from bot.language.durations import LENGTH, Length, read_length
from bot.language.feasts import LUNAR, NAMED, SEASONS
from bot.language.hours import HOURS
from bot.language.months import MONTHS
from bot.language.needed import possible
from bot.language.period import Period, Scene
from bot.language.relations import DEADLINE, VAGUE, Subject, relation_at
from bot.language.script import Span
from bot.language.tense import is_promised, pick
from bot.language.weeks import WEEKS

_ANCHORS: tuple[Anchor, ...] = (*DATES, *WEEKS, *MONTHS, *LUNAR, *NAMED, *SEASONS, *HOURS)
_JOIN = re.compile(r"[-~—–]+|至|到")
_FROM_NOW = re.compile(
    rf"(?<![\d.第前后每近这满])(?P<more>再过?|还[需要得]|往后)?(?:{LENGTH})"
    r"(?P<way>[之以]?内|[之以过]?后(?!续)|[之以]?前(?!后|期))?"
)


@dataclass(frozen=True)
class Mention:
    """A time expression; `relation` names what followed it (see `relations`), or "" if nothing."""

    span: Span
    text: str
    period: Period
    relation: str
    kind: Kind
    promised: bool

    @property
    def deadline(self) -> bool:
        """Whether it says by when, not when."""
        return self.relation in DEADLINE


_MOST = 60
"""Times of one kind that are read: no report names more, and each costs some work."""


@dataclass(frozen=True)
class _Found:
    """An anchor in the text before its year is chosen."""

    span: Span
    candidates: tuple[Period, ...]
    kind: Kind


def find_mentions(plain: str, scene: Scene) -> tuple[Mention, ...]:
    """Return the time expressions of a text in order."""
    mentions: list[Mention] = []
    for found in _found(plain, scene):
        if not mentions or found.span.start >= mentions[-1].span.end:
            mentions.append(_mention(plain, found, scene))
    return _joined(plain, [*mentions, *_from_now(plain, scene, mentions)])


def _found(plain: str, scene: Scene) -> list[_Found]:
    letters = frozenset(plain)
    found = (
        _Found(Span(match.start(), match.end()), row.resolve(match, scene), row.kind)
        for row in _ANCHORS
        if possible(row.needed, letters)
        for match in islice(row.pattern.finditer(plain), _MOST)
        if match[0]
    )
    known = (one for one in found if one.candidates)
    return sorted(known, key=lambda one: (one.span.start, -one.span.end))


def _mention(plain: str, found: _Found, scene: Scene) -> Mention:
    relation = relation_at(plain, found.span.end)
    span = Span(found.span.start, relation.end)
    subject = Subject(found.kind, scene)
    moved = tuple(
        replace(relation.apply(period, subject), reach=period.last) for period in found.candidates
    )
    deadline = relation.name in DEADLINE
    period = pick(moved, plain, span, scene.base, deadline=deadline, kind=found.kind)
    if VAGUE.match(plain, span.end):
        period = replace(period, note="原文只说了大概的时间。")
    promised = is_promised(plain, span)
    return Mention(span, plain[span.start : span.end], period, relation.name, found.kind, promised)


def _from_now(plain: str, scene: Scene, taken: list[Mention]) -> Iterator[Mention]:
    for match in _FROM_NOW.finditer(plain):
        span = Span(match.start(), match.end())
        length = read_length(match.groupdict())
        way = (match["way"] or ("后" if match["more"] else ""))[-1:]
        if way and length and not any(span.overlaps(one.span) for one in taken):
            period, relation = _counted(length, way, scene)
            promised = way != "前"
            yield Mention(span, match[0], period, relation, Kind.DATE, promised)


def _counted(length: Length, way: str, scene: Scene) -> tuple[Period, str]:
    if way == "前":
        return length.before(scene.base, scene.days), "ago"
    later = length.after(scene.base, scene.days)
    return (replace(later, first=scene.base), "within") if way == "内" else (later, "after")


def _joined(plain: str, mentions: list[Mention]) -> tuple[Mention, ...]:
    result: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: one.span.start):
        if result and _continues(plain, result[-1], mention):
            result[-1] = _range(plain, result[-1], mention)
        else:
            result.append(mention)
    return tuple(result)


def _continues(plain: str, first: Mention, second: Mention) -> bool:
    between = plain[first.span.end : second.span.start]
    if _JOIN.fullmatch(between):
        return first.relation in {"", "since"}
    # 7月底8月初 is one stretch.
    return not between and first.text.endswith(("底", "末")) and second.text.endswith("初")


def _range(plain: str, first: Mention, second: Mention) -> Mention:
    span = Span(first.span.start, second.span.end)
    flaw = "日期的先后反了。" if second.period.last < first.period.first else None
    start = min(first.period.first, second.period.last)
    period = replace(second.period, first=start, flaw=second.period.flaw or flaw)
    return replace(second, span=span, text=plain[span.start : span.end], period=period)
