"""Reads a message as a careful clerk would: what it is, and which fields it fills."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.language.amounts import Amount, Money, find_money
from bot.language.completion import completion_day
from bot.language.counts import Count, find_counts, find_parts
from bot.language.days import Days
from bot.language.difficulty import find_difficulty
from bot.language.intent import (
    Intent,
    is_bare_topic,
    is_command,
    is_greeting,
    is_question,
    strip_salute,
)
from bot.language.mentions import Mention, find_mentions
from bot.language.percent import Percent, find_percents, progress_percent
from bot.language.period import Scene
from bot.language.points import Points, find_points
from bot.language.script import Script, masked, script
from bot.language.status import Status, read_status

NO_POINT, NO_STATUS, NO_UNIT = "要点序号", "进展状态", "金额单位（元或万元）"
UNCLEAR_PERCENT = "完成比例（有几个说法）"


@dataclass(frozen=True)
class Reading:
    """What was read. `missing` names in Chinese what a report lacks or leaves doubtful.

    `percent` is 0–100; `date` is the day of completion, done or promised; `difficulty` is in the
    user's words; `approximate` is True when any figure was given with 余, 约 or the like.
    """

    text: str
    intent: Intent
    points: tuple[int, ...] = ()
    status: Status | None = None
    percent: int | None = None
    money: tuple[Amount, ...] = ()
    counts: tuple[Count, ...] = ()
    date: dt.date | None = None
    missing: tuple[str, ...] = ()
    difficulty: str | None = None
    approximate: bool = False


@dataclass(frozen=True)
class _Fields:
    """Everything found in a text, before it is decided what kind of message it is."""

    source: Script
    points: Points
    mentions: tuple[Mention, ...]
    percents: tuple[Percent, ...]
    money: Money
    counts: tuple[Count, ...]
    status: Status | None


def read(text: str, today: dt.date, days: Days, holiday: str | None = None) -> Reading:
    """Read one message as sent on `today`; `holiday` is the one that 节前 or 节后 means."""
    source = script(text)
    plain = strip_salute(source.plain)
    if is_greeting(source.plain):
        return Reading(text, "greeting")
    commands = is_command(plain)
    if not commands and is_question(plain, states=True):  # whatever else it may say
        return Reading(text, "question", find_points(plain).numbers)
    fields = _fields(source, plain, Scene(today, days, holiday))
    if commands:
        return _command(fields, today)
    if is_question(plain, states=fields.status is not None):
        return Reading(text, "question", fields.points.numbers)
    return _statement(fields, today)


def as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading in the shape of contract.md section 2, `understand`."""
    return {
        "text": reading.text,
        "intent": reading.intent,
        "points": list(reading.points),
        "status": reading.status,
        "percent": reading.percent,
        "money_yuan": [_yuan(amount.fen) for amount in reading.money],
        "counts": [{"value": count.value, "unit": count.unit} for count in reading.counts],
        "date": reading.date.isoformat() if reading.date else None,
        "missing": list(reading.missing),
    }


def _yuan(fen: int) -> int | float:
    return fen // 100 if fen % 100 == 0 else fen / 100


def _fields(source: Script, plain: str, scene: Scene) -> _Fields:
    points = find_points(plain)
    text = masked(plain, points.spans)
    mentions, percents = find_mentions(text, scene), find_percents(text)
    rest = masked(text, tuple(mention.span for mention in mentions))
    rest = masked(rest, tuple(percent.span for percent in percents))
    money = find_money(rest)
    rest = masked(rest, (*(amount.span for amount in money.amounts), *money.doubtful))
    counts = find_counts(rest)
    percent = progress_percent(percents)
    ahead = tuple(one for one in mentions if one.period.last > scene.base)
    status = read_status(
        text,
        ahead=tuple(one.span for one in ahead),
        due=tuple(one.span for one in ahead if one.deadline),
        parts=find_parts(text, counts),
        percent=percent.value if percent else None,
    )
    return _Fields(source, points, mentions, percents, money, counts, status)


def _statement(fields: _Fields, today: dt.date) -> Reading:
    told = fields.status or fields.percents or fields.money != Money((), ()) or fields.counts
    if not told and fields.points.numbers and is_bare_topic(_beside_points(fields)):
        return Reading(fields.source.raw, "question", fields.points.numbers)
    if not told and not fields.points.numbers:
        return Reading(fields.source.raw, "unclear")
    return _filled(fields, "report", today, _missing(fields))


def _beside_points(fields: _Fields) -> str:
    return masked(fields.source.plain, fields.points.spans).replace("\0", "")


def _command(fields: _Fields, today: dt.date) -> Reading:
    if fields.source.plain.lstrip().startswith(_CARRIES_FIELDS):
        return _filled(fields, "command", today, ())
    return Reading(fields.source.raw, "command", fields.points.numbers)


_CARRIES_FIELDS = ("更正", "改正", "修正", "延期", "申请延期", "填报", "双清单")


def _filled(fields: _Fields, intent: Intent, today: dt.date, missing: tuple[str, ...]) -> Reading:
    percent = progress_percent(fields.percents)
    figures = (*fields.money.amounts, *fields.counts, *((percent,) if percent else ()))
    stalled = fields.status in {"blocked", "not_started"}
    return Reading(
        text=fields.source.raw,
        intent=intent,
        points=fields.points.numbers,
        status=fields.status,
        percent=percent.value if percent else None,
        money=fields.money.amounts,
        counts=fields.counts,
        date=completion_day(fields.source.plain, fields.mentions, fields.status, today),
        missing=missing,
        difficulty=find_difficulty(fields.source, stalled=stalled),
        approximate=any(figure.approximate for figure in figures),
    )


def _missing(fields: _Fields) -> tuple[str, ...]:
    progress = [percent for percent in fields.percents if percent.progress]
    flaws = (mention.period.flaw for mention in fields.mentions)
    found = (
        (NO_POINT, not fields.points.numbers),
        (NO_STATUS, fields.status is None),
        (NO_UNIT, bool(fields.money.doubtful)),
        (UNCLEAR_PERCENT, bool(progress) and progress_percent(fields.percents) is None),
    )
    wrong_days = tuple(f"日期（{flaw.rstrip('。')}）" for flaw in flaws if flaw)
    return tuple(name for name, lacks in found if lacks) + wrong_days
