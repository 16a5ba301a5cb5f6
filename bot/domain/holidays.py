"""The days that 双拥 work names, and how each is found in a year. Names are data, not code."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol


class LunarConverter(Protocol):
    """Lunar dates and solar terms; the adapter of an almanac library fits it."""

    def solar(self, year: int, month: int, day: int) -> date | None:
        """Return the solar day of lunar `month`/`day` of lunar `year`; None if there is none."""
        ...

    def solar_term(self, year: int, name: str) -> date | None:
        """Return the day of the solar term `name` (清明) in `year`; None outside the almanac."""
        ...


Rule = Callable[[int, LunarConverter], date | None]


def _solar(month: int, day: int) -> Rule:
    return lambda year, lunar: date(year, month, day)


def _lunar(month: int, day: int) -> Rule:
    return lambda year, lunar: lunar.solar(year, month, day)


def _term(name: str) -> Rule:
    return lambda year, lunar: lunar.solar_term(year, name)


def _new_years_eve(year: int, lunar: LunarConverter) -> date | None:
    # The last lunar month has 29 or 30 days, so the eve is counted back from 初一.
    first = lunar.solar(year, 1, 1)
    return first - timedelta(days=1) if first else None


def _little_new_year(year: int, lunar: LunarConverter) -> date | None:
    # 腊月 belongs to the lunar year before, but always falls in January or February.
    return lunar.solar(year - 1, 12, 23)


def _third_saturday_of_september(year: int, lunar: LunarConverter) -> date:
    # 全民国防教育日: decision of the NPC Standing Committee, 2001-08-31.
    first = date(year, 9, 1)
    return first + timedelta(days=(5 - first.weekday()) % 7 + 14)


RULES: dict[str, Rule] = {
    "元旦": _solar(1, 1),
    "小年": _little_new_year,
    "除夕": _new_years_eve,
    "春节": _lunar(1, 1),
    "元宵节": _lunar(1, 15),
    "清明节": _term("清明"),
    "劳动节": _solar(5, 1),
    "端午节": _lunar(5, 5),
    "七一": _solar(7, 1),
    "八一": _solar(8, 1),
    "抗战胜利纪念日": _solar(9, 3),
    "国防教育日": _third_saturday_of_september,
    "中秋节": _lunar(8, 15),
    "烈士纪念日": _solar(9, 30),
    "国庆节": _solar(10, 1),
    "重阳节": _lunar(9, 9),
    "国家公祭日": _solar(12, 13),
}

ALIASES: dict[str, tuple[str, ...]] = {
    "元旦": ("元旦节", "新年第一天"),
    "小年": ("腊月二十三", "腊月23", "北方小年", "小年夜"),
    "除夕": ("大年三十", "年三十", "除夕夜", "大年夜"),
    "春节": ("初一", "大年初一", "正月初一", "农历新年", "新春", "过年", "大年"),
    "元宵节": ("元宵", "正月十五", "正月15"),
    "清明节": ("清明",),
    "劳动节": ("五一", "五一节", "五一劳动节", "国际劳动节", "五一国际劳动节"),
    "端午节": ("端午", "五月初五"),
    "七一": ("七一建党节", "建党节", "建党日", "建党纪念日", "党的生日"),
    "八一": ("八一建军节", "八一节", "建军节", "建军纪念日"),
    "抗战胜利纪念日": ("九三", "九三纪念日", "抗战胜利日"),
    "国防教育日": ("全民国防教育日",),
    "中秋节": ("中秋", "八月十五"),
    "烈士纪念日": ("烈士日",),
    "国庆节": ("国庆", "十一", "十一国庆节", "国庆日"),
    "重阳节": ("重阳", "九九重阳"),
    "国家公祭日": ("公祭日", "南京大屠杀死难者国家公祭日"),
}

STATUTORY: dict[str, int] = {
    "元旦": 1,
    "除夕": 4,
    "清明节": 1,
    "劳动节": 2,
    "端午节": 1,
    "中秋节": 1,
    "国庆节": 3,
}
"""First day → days off by statute: 《全国年节及纪念日放假办法》 as revised on 2024-11-10.

春节 is four days from 除夕 on.
"""

WITH_A_BREAK = frozenset(STATUTORY) | {"春节"}
"""The holidays that bring days off; 八一, 七一 and the others bring none to an office."""

_NAMES = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}
_QUOTES = re.compile(r"[“”\"‘’'《》〈〉\s·]")


def canonical(name: str) -> str | None:
    """Return the one name of a holiday that has several (建军节 → 八一); None if unknown."""
    return _NAMES.get(_QUOTES.sub("", name))
