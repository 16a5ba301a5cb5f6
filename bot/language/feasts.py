"""Holidays and lunar days by name: 八一, 春节, 节前, 腊月二十三, 国防教育日.

The calendar knows the days and the days off; here stand the words that people use for them.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.language.anchors import YEAR, Anchor, Kind, anchor, years
from bot.language.days import Days
from bot.language.numbers import whole
from bot.language.period import Period, Scene, single


@dataclass(frozen=True)
class Feast:
    """A named day: what people call it; `solar` is its date where the calendar does not know it."""

    name: str
    called: str
    solar: tuple[int, int] | None = None


FEASTS: tuple[Feast, ...] = (
    Feast("元旦", "元旦节?|阳历年"),
    Feast("除夕", "除夕夜?|大年三十|年三十"),
    Feast("春节", "春节|新春佳节|大年初一|过年|农历新年|农历年"),
    Feast("小年", "小年(?!轻)"),
    Feast("元宵", "元宵节?"),
    Feast("清明", "清明节?"),
    Feast("妇女节", "三八(?:妇女节|节)|妇女节", (3, 8)),
    Feast("五一", "五一(?:国际)?(?:劳动节|节)?|劳动节"),
    Feast("五四", "五四青年节|青年节", (5, 4)),
    Feast("六一", "六一(?:儿童节)?|儿童节", (6, 1)),
    Feast("端午", "端午节?"),
    Feast("七一", "七一(?:建党节)?|建党节|党的生日"),
    Feast("八一", "八一(?:建军节)?|建军节"),
    Feast("抗战胜利纪念日", "(?:抗战|抗日战争)胜利纪念日|九三纪念日"),
    Feast("教师节", "教师节", (9, 10)),
    Feast("九一八", "九一八", (9, 18)),
    Feast("中秋", "中秋节?"),
    Feast("国防教育日", "(?:全民)?国防教育日"),
    Feast("烈士纪念日", "烈士纪念日"),
    Feast("国庆", "国庆节?|十一(?=[之以]?[前后]|期间|节|长假|黄金周|当天|放假)"),
    Feast("重阳", "重阳节?"),
    Feast("国家公祭日", "(?:国家)?公祭日"),
)
_SEASON = ("元旦", "春节", "清明", "五一", "端午", "八一", "中秋", "国庆")
_LOOK_BACK = 15
"""Days after its end during which 节后 still means the holiday that has just been."""


def feast(name: str) -> Feast | None:
    """Return the feast that people call by `name`."""
    return next((row for row in FEASTS if re.fullmatch(row.called, name)), None)


def occurrence(row: Feast, year: int, days: Days) -> Period | None:
    """Return the feast's own day in `year`; None outside the almanac."""
    found = date(year, *row.solar) if row.solar else days.holiday(row.name, year)
    return Period(found, found, feast=row.name) if found else None


def during(period: Period, days: Days) -> Period:
    """Return the days off around the holiday that `period` names, or `period` itself."""
    off = days.holiday_break(period.feast, period.first.year) if period.feast else None
    if off is None or not off[0] <= period.first <= off[1]:
        return period
    return replace(period, first=off[0], last=off[1], tentative=days.is_tentative(off[1]))


def _occurrences(row: Feast, match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    found = (occurrence(row, year, scene.days) for year in years(match, scene))
    return tuple(period for period in found if period is not None)


def _season(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    if match[0] == "年":
        return _coming((feast("春节"),), scene)
    named = feast(scene.holiday) if scene.holiday else None
    back = timedelta(days=_LOOK_BACK if "后" in match.string[match.end() : match.end() + 2] else 0)
    seen = replace(scene, base=scene.base - back)
    if named:
        return _coming((named,), seen)
    return tuple(
        replace(period, note=f"没有写明是哪个节日，按{period.feast}计算。")
        for period in _coming(tuple(feast(name) for name in _SEASON), seen)
    )


def _coming(rows: tuple[Feast | None, ...], scene: Scene) -> tuple[Period, ...]:
    found = (occurrence(row, year, scene.days) for row in rows if row for year in scene.years())
    coming = [period for period in found if period and period.last >= scene.base]
    return tuple(sorted(coming, key=lambda period: period.first)[:1])


_LUNAR_MONTHS = {"正": 1, "腊": 12, "冬": 11} | {
    char: i + 1 for i, char in enumerate("一二三四五六七八九十")
}
_LUNAR_DAY = (
    r"(?P<d>初[一二三四五六七八九十]|三十|二?十[一二三四五六七八九]?"
    r"|廿[一二三四五六七八九]?|\d{1,2})"
)


def _lunar_day(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month = _LUNAR_MONTHS[match["m"]]
    day = whole(match["d"].removeprefix("初")) or 0
    found = (_lunar_in(year, month, day, scene.days) for year in _lunar_years(month, match, scene))
    return tuple(period for period in found if period is not None)


def _lunar_years(month: int, match: re.Match[str], scene: Scene) -> tuple[int, ...]:
    # 今年腊月 is said of the winter ahead, so the lunar year carries the solar year's name.
    named = years(match, scene)
    return named if month < 12 or len(named) == 1 else (named[0] - 1, *named)


def _lunar_in(year: int, month: int, day: int, days: Days) -> Period | None:
    found = days.lunar(year, month, day)
    if found is not None:
        return single(found)
    near = days.lunar(year, month, 29)
    if near is None:
        return None
    name = {1: "正月", 12: "腊月", 11: "冬月"}.get(month, f"{month}月")
    return Period(near, near, flaw=f"农历{year}年的{name}没有{'三十' if day == 30 else day}。")


def _first_month(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    day = whole(match["d"]) or 0
    found = (scene.days.lunar(year, 1, day) for year in scene.years())
    return tuple(single(one) for one in found if one is not None)


LUNAR: tuple[Anchor, ...] = (
    anchor(
        rf"{YEAR}?(?:农历|阴历|旧历)?(?P<m>[正腊冬])月{_LUNAR_DAY}[日号]?", Kind.LUNAR, _lunar_day
    ),
    anchor(
        rf"{YEAR}?(?:农历|阴历|旧历)(?P<m>[一二三四五六七八九十])月{_LUNAR_DAY}[日号]?",
        Kind.LUNAR,
        _lunar_day,
    ),
    anchor(r"(?:大年)?初(?P<d>[二三四五六七八九])(?!中|级|步|期|审|稿)", Kind.LUNAR, _first_month),
)
_BREAK = r"(?:(?:小?长假|黄金周|假期)(?=[之以]?[前后]))?"
_NOT_INSIDE = r"(?<![\d一二三四五六七八九十第])"


def _anchor_of(row: Feast) -> Anchor:
    return anchor(
        rf"{YEAR}?{_NOT_INSIDE}(?:{row.called}){_BREAK}(?![零一二三四五六七八九]|十一)",
        Kind.FEAST,
        lambda match, scene: _occurrences(row, match, scene),
    )


NAMED: tuple[Anchor, ...] = tuple(_anchor_of(row) for row in FEASTS)
SEASONS: tuple[Anchor, ...] = (
    anchor(
        r"(?<![春过季环细情关时调使章礼小两双各佳])(?:节|假)(?=前|后|之前|之后|期间)|年(?=后)"
        r"|(?<![\d去今明每半全两几])年(?=前)",
        Kind.FEAST,
        _season,
    ),
)
