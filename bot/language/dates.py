"""Days by number: 8月10日, 7.28, 8/10, 20210810, 下月15号, 8月1日至10日; and 今天, 后天."""

import re
from datetime import date, timedelta

from bot.language.anchors import MONTH, SMALL, YEAR, Anchor, Kind, anchor, number, years
from bot.language.period import DAY, Period, Scene, add_months, month_end, single

_DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?"
    r"|廿[一二三四五六七八九]?|[一二三四五六七八九])"
)
_DOTTED = r"(?<![\d./-])"
_CLEAR = r"(?!\d|[./]\d|%|[万亿元块个名户人次场件])"
_MONTH_WORD = r"(?P<which>本|这个|当|上上个?|上个?|下下个?|下个?|次)月份?的?"

_NAMED = {
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "当天": 0,
    "当日": 0,
    "即日": 0,
    "今儿": 0,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨儿": -1,
    "前天": -2,
    "前日": -2,
    "大前天": -3,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "次日": 1,
    "翌日": 1,
    "明儿": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
    "刚刚": 0,
    "刚才": 0,
}
MONTHS_AWAY = {"本": 0, "这个": 0, "当": 0, "上": -1, "上个": -1, "下": 1, "下个": 1, "次": 1}
MONTHS_AWAY |= {"上上": -2, "上上个": -2, "下下": 2, "下下个": 2}


def day_of(year: int, month: int, day: int) -> Period:
    """Return that day; a day that no such month has comes back with a flaw."""
    if not 1 <= month <= 12:
        return Period(date(year, 1, 1), date(year, 1, 1), flaw=f"没有{month}月。")
    end = month_end(year, month)
    if 1 <= day <= end.day:
        return single(end.replace(day=day))
    return Period(end, end, flaw=f"{year}年{month}月没有{day}日。")


def _full(match: re.Match[str], _scene: Scene) -> tuple[Period, ...]:
    return (day_of(number(match, "y"), number(match, "m"), number(match, "d")),)


def _month_day(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month, day = number(match, "m"), number(match, "d")
    return tuple(day_of(year, month, day) for year in years(match, scene))


def _month_range(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month, last = number(match, "m"), number(match, "e")
    return _ranges(_month_day(match, scene), month, last)


def _dotted_range(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return _ranges(_month_day(match, scene), number(match, "n"), number(match, "e"))


def _ranges(firsts: tuple[Period, ...], month: int, last: int) -> tuple[Period, ...]:
    pairs = ((first, day_of(first.first.year, month, last)) for first in firsts)
    return tuple(
        Period(first.first, end.last, flaw=first.flaw or end.flaw or _backward(first, end))
        for first, end in pairs
    )


def _backward(first: Period, end: Period) -> str | None:
    return "日期的先后反了。" if end.last < first.first else None


def _named(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return (single(scene.base + timedelta(days=_NAMED[match[0]])),)


def _next_two(_match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    return (Period(scene.base + DAY, scene.base + 2 * DAY),)


def _day_in_month(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    month = add_months(scene.base.replace(day=1), MONTHS_AWAY[match["which"]])
    return (day_of(month.year, month.month, number(match, "d")),)


def _day_only(match: re.Match[str], scene: Scene) -> tuple[Period, ...]:
    first = scene.base.replace(day=1)
    months = (add_months(first, away) for away in (-1, 0, 1))
    days = (day_of(month.year, month.month, number(match, "d")) for month in months)
    # A month without a 31st is not meant by 31日; unlike 2月30日 nobody has named it.
    return tuple(day for day in days if day.flaw is None)


_YEAR4 = r"(?P<y>(?:19|20)\d\d)"
_DASH = r"(?:[-~—–]+|至|到)"
DATES: tuple[Anchor, ...] = (
    anchor(
        rf"{_DOTTED}{_YEAR4}(?:[-./年]\s*)(?P<m>\d{{1,2}})(?:[-./月]\s*)(?P<d>\d{{1,2}})(?!\d)[日号]?",
        Kind.DATE,
        _full,
    ),
    anchor(rf"(?<!\d){_YEAR4}(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)", Kind.DATE, _full),
    anchor(
        rf"{YEAR}?(?<!\d)(?P<m>{MONTH})(?:月份?的?|\.)(?P<d>{_DAY})[日号]?{_DASH}(?P<e>{SMALL})[日号]",
        Kind.PERIOD,
        _month_range,
    ),
    anchor(
        rf"{YEAR}?(?<![\d.])(?P<m>\d{{1,2}}|十[一二]?|[一二三四五六七八九])月份?的?(?P<d>{SMALL})[日号]",
        Kind.DATE,
        _month_day,
    ),
    anchor(
        rf"{YEAR}?(?<![\d.])(?P<m>{MONTH})月(?P<d>{_DAY})(?![\d万亿元个名户人次场件支家十百])",
        Kind.DATE,
        _month_day,
    ),
    anchor(
        rf"{YEAR}?{_DOTTED}(?P<m>{MONTH})[./](?P<d>3[01]|[12]\d|0?[1-9])[日号]?{_CLEAR}",
        Kind.DATE,
        _month_day,
    ),
    anchor(
        rf"{_DOTTED}(?P<m>{MONTH})[./](?P<d>\d{{1,2}}){_DASH}(?P<n>{MONTH})[./](?P<e>\d{{1,2}}){_CLEAR}",
        Kind.PERIOD,
        _dotted_range,
    ),
    anchor(
        rf"{_DOTTED}(?P<m>1[0-2]|0?[1-9])-(?P<d>3[01]|[12]\d|0?[1-9])(?:[日号]|(?=之?前|$))",
        Kind.DATE,
        _month_day,
    ),
    anchor(rf"{_MONTH_WORD}(?P<d>{SMALL})[日号]", Kind.DATE, _day_in_month),
    anchor(
        rf"(?<![\d.月第一二三四五六七八九十〕\]])(?P<d>{_DAY})(?:号(?!楼|文|院|线|令|要点|任务)|日(?=前|之前|以前|完|下午|上午|晚|$))",
        Kind.DATE,
        _day_only,
    ),
    anchor("明后两?天", Kind.PERIOD, _next_two),
    anchor("|".join(sorted(_NAMED, key=len, reverse=True)), Kind.DATE, _named),
)
