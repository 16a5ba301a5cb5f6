"""Weekdays and weeks: 周五, 下周一, 上上周, 周末, 9月第三个周六. A week begins on Monday."""

import re
from datetime import date, timedelta

from bot.language.anchors import MONTH, SMALL, YEAR, Anchor, Kind, anchor, number, years
from bot.language.period import DAY, Period, Scene, add_months, monday, single

_WEEKS = {"上上": -2, "上": -1, "上个": -1, "上一": -1, "本": 0, "这": 0, "这个": 0, "这一": 0}
_WEEKS |= {"下": 1, "下个": 1, "下一": 1, "下下": 2, "下下个": 2}
_WHICH = r"(?P<which>上上|上个|上一|上|本|这个|这一|这|下下个|下下|下个|下一|下)"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAYS = {char: place for place, char in enumerate("一二三四五六")}
_WEEKDAYS |= {str(place + 1): place for place in range(6)} | {"日": 6, "天": 6, "末": 5}


def _weekday(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    place = timedelta(days=_WEEKDAYS[match["weekday"]])
    which = match.groupdict().get("which")
    weeks = (-1, 0, 1) if which is None else (_WEEKS[which],)
    return tuple(single(monday(scene.base, week) + place) for week in weeks)


def _weekend(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return tuple(Period(day.first, day.first + DAY) for day in _weekday(match, scene))


def _week(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    first = monday(scene.base, _WEEKS[match["which"]])
    return (Period(first, first + 6 * DAY),)


def _nth_weekday(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month, count = number(match, "m"), number(match, "nth")
    return tuple(
        nth_weekday(year, month, count, _WEEKDAYS[match["weekday"]]) for year in years(match, scene)
    )


def nth_weekday(year: int, month: int, count: int, weekday: int) -> Period:
    """Return the `count`-th such weekday (0 = Monday) of a month, or a flaw."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))
    if count < 1 or day >= add_months(first, 1):
        return Period(first, first, flaw=f"{year}年{month}月没有第{count}个这样的星期几。")
    return single(day)


WEEKS: tuple[Anchor, ...] = (
    anchor(
        rf"{YEAR}?(?P<m>{MONTH})月份?的?第(?P<nth>{SMALL})个{_WEEK}(?P<weekday>[一二三四五六日天])",
        Kind.DATE,
        _nth_weekday,
    ),
    anchor(rf"{_WHICH}?(?:周|这?个?)(?P<weekday>末)(?<=周末)", Kind.PERIOD, _weekend),
    anchor(
        rf"(?<!每){_WHICH}?{_WEEK}(?P<weekday>[一二三四五六日天1-6])(?![\d年个家])",
        Kind.WEEKDAY,
        _weekday,
    ),
    anchor(rf"{_WHICH}{_WEEK}(?!年)", Kind.PERIOD, _week),
)
