"""Months and longer: 9月底, 下月初, 7月下旬, 三季度, 上半年, 年底, 今年.

月底 is the last day, 月中 the 15th, 月初 the 1st to the 5th.
"""

import re
from datetime import date

from bot.language.anchors import MONTH, YEAR, Anchor, Kind, anchor, number, years
from bot.language.dates import MONTHS_AWAY
from bot.language.period import Period, Scene, add_months, month_end, single

_WHICH = r"(?P<which>本|这个|当|上上个?|上个?|下下个?|下个?|次)"
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 5), "中": (15, 15)}
_PART = r"(?P<part>上旬|中旬|下旬|底|末|初|中(?![旬队秋国央小共心期]))"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTERS_AWAY = {"本": 0, "这个": 0, "上": -1, "上个": -1, "下": 1, "下个": 1}


def _part(first: date, part: str | None) -> Period:
    end = month_end(first.year, first.month)
    if part is None:
        return Period(first, end)
    if part in "底末":
        return single(end)
    start, stop = _THIRDS[part]
    return Period(first.replace(day=start), first.replace(day=min(stop, end.day)))


def _month(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    part = match.groupdict().get("part")
    return tuple(_part(date(year, number(match, "m"), 1), part) for year in years(match, scene))


def _relative_month(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    first = add_months(scene.base.replace(day=1), MONTHS_AWAY[match["which"]])
    return (_part(first, match.groupdict().get("part")),)


def _bare_part(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    firsts = (add_months(scene.base.replace(day=1), away) for away in (-1, 0, 1))
    return tuple(_part(first, match["part"]) for first in firsts)


def _this_month(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return (_part(scene.base.replace(day=1), match["part"]),)


def _quarter_of(first: date, edge: str | None) -> Period:
    last_month = add_months(first, 2)
    last = month_end(last_month.year, last_month.month)
    if edge == "初":
        return Period(first, month_end(first.year, first.month))
    return single(last) if edge else Period(first, last)


def _quarter(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month = _QUARTERS[match["quarter"]] * 3 - 2
    return tuple(_quarter_of(date(year, month, 1), match["edge"]) for year in years(match, scene))


def _relative_quarter(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month = (scene.base.month - 1) // 3 * 3 + 1
    away = _QUARTERS_AWAY.get(match["which"] or "本", 0)
    first = add_months(scene.base.replace(month=month, day=1), away * 3)
    return (_quarter_of(first, match["edge"]),)


def _half(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    ends = {"上": ((1, 1), (6, 30)), "下": ((7, 1), (12, 31))}[match["half"]]
    return tuple(Period(date(y, *ends[0]), date(y, *ends[1])) for y in years(match, scene))


def _half_end(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return tuple(single(period.last) for period in _half(match, scene))


_YEAR_PARTS = {
    **dict.fromkeys("底末终", ((12, 31), (12, 31))),
    "初": ((1, 1), (1, 31)),
    "中": ((6, 30), (6, 30)),
    "内": ((1, 1), (12, 31)),
}


def _year_part(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    ends = _YEAR_PARTS[match["edge"]]
    return tuple(Period(date(y, *ends[0]), date(y, *ends[1])) for y in years(match, scene))


def _year(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return tuple(Period(date(y, 1, 1), date(y, 12, 31)) for y in years(match, scene))


_EDGE = r"(?P<edge>底|末|初)"
MONTHS: tuple[Anchor, ...] = (
    anchor(
        rf"{YEAR}?(?<![\d.第个])(?P<m>{MONTH})月份?的?(?P<part>底|末|中(?![旬队秋国央小共心期]))",
        Kind.DATE,
        _month,
    ),
    anchor(
        rf"{YEAR}?(?<![\d.第个])(?P<m>{MONTH})月份?的?(?P<part>上旬|中旬|下旬|初)",
        Kind.PERIOD,
        _month,
    ),
    anchor(rf"{YEAR}?(?<![\d.第个])(?P<m>{MONTH})月份?(?!\d|饼)", Kind.PERIOD, _month),
    anchor(
        rf"{_WHICH}月份?的?(?P<part>底|末|中(?![旬队秋国央小共心期]))", Kind.DATE, _relative_month
    ),
    anchor(rf"{_WHICH}月份?的?(?P<part>上旬|中旬|下旬|初)", Kind.PERIOD, _relative_month),
    anchor(rf"{_WHICH}月份?(?!饼)", Kind.PERIOD, _relative_month),
    anchor(r"月(?P<part>底|末)", Kind.DATE, _this_month),
    anchor(r"月(?P<part>初)", Kind.PERIOD, _bare_part),
    anchor(r"月(?P<part>中)(?![旬队秋国央小共心期])", Kind.DATE, _bare_part),
    anchor(r"(?P<part>[上中下]旬)", Kind.PERIOD, _bare_part),
    anchor(rf"{YEAR}?第?(?P<quarter>[一二三四1-4])季度?的?(?P<edge>底|末)", Kind.DATE, _quarter),
    anchor(rf"{YEAR}?第?(?P<quarter>[一二三四1-4])季度?的?(?P<edge>初)?", Kind.PERIOD, _quarter),
    anchor(r"(?P<which>本|这个|上个?|下个?)?季度?的?(?P<edge>底|末)", Kind.DATE, _relative_quarter),
    anchor(r"(?P<which>本|这个|上个?|下个?)季度?的?(?P<edge>初)?", Kind.PERIOD, _relative_quarter),
    anchor(rf"{YEAR}?(?P<half>[上下])半年(?:底|末)", Kind.DATE, _half_end),
    anchor(rf"{YEAR}?(?P<half>上)半年(?=之?前)", Kind.DATE, _half_end),
    anchor(rf"{YEAR}?(?P<half>[上下])半年", Kind.PERIOD, _half),
    anchor(rf"{YEAR}?(?<=年)(?P<edge>[底末终中])(?![旬队秋国央小共心期])", Kind.DATE, _year_part),
    anchor(rf"{YEAR}(?<=年)(?P<edge>初)", Kind.PERIOD, _year_part),
    anchor(r"年(?P<edge>[底末终])", Kind.DATE, _year_part),
    anchor(r"年(?P<edge>中)(?![旬队秋国央小共心期])", Kind.DATE, _year_part),
    anchor(r"(?<![\d一二三四五六七八九十])年(?P<edge>初)", Kind.PERIOD, _year_part),
    anchor(
        r"(?<![\d一二三四五六七八九十半两几全每])年(?=[之以]?内)",
        Kind.PERIOD,
        lambda m, s: _this_year(s),
    ),
    anchor(YEAR, Kind.PERIOD, _year),
)


def _this_year(scene: Scene) -> tuple[Period, ...]:
    return (Period(date(scene.base.year, 1, 1), date(scene.base.year, 12, 31)),)
