"""Numerals as they are typed: 24, １９, 8,000, 二十一, 壹拾贰, 廿, 1.5万, 24万5千, 1.5万余."""

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
    "俩": 2,
    "弍": 2,
    "貳": 2,
    "參": 3,
    "陸": 6,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
_SCORES = {"廿": 20, "卅": 30}
_LARGE = {"万": 10**4, "萬": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8, "億": 10**8}
_ROUGH = "余多来"
_PLAIN = "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖弍貳參陸十拾百佰千仟廿卅万萬亿億"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"

_MORE = rf"[{_PLAIN}{_ROUGH}]|[wWkK](?![a-zA-Z])|(?<=[万千亿百])\d+"
RUN = rf"(?:(?:{_ARABIC})|[{_PLAIN}])(?:{_MORE}){{0,40}}"
"""A pattern for anything that may be a numeral; `read_number` decides whether it is one.

Without its limit two thousand numerals in a row, each looked at from each place, cost a second.
"""
SMALL = r"(?:\d{1,3}|[零〇一二三四五六七八九两十百廿卅]{1,5})"
"""A pattern for a small whole numeral, as in ordinals and dates."""
ABOUT = r"(?:大约|约为?|将近|近|超过|超|逾|不少于|至少|不低于|大概|差不多|左右|不到|不足|上)"
"""Words before a numeral that make it approximate."""

_MOST = Decimal(10**15)
"""No report counts this far, and exact arithmetic on sums of money needs room above it."""
_TOKEN = re.compile(rf"{_ARABIC}|.")
_PAIR = re.compile(r"一二|二三|两三|三四|三五|四五|五六|六七|七八|八九")


@dataclass(frozen=True)
class Number:
    """A numeral's value; `approximate` keeps a 余, 多 or 来 inside it."""

    value: Decimal
    approximate: bool = False


def read_number(run: str) -> Number | None:
    """Return the value of a numeral, or None when the characters do not make one exact number."""
    letters = run.rstrip(_ROUGH)
    bare = "".join(char for char in letters if char not in _ROUGH)
    if not bare or bare[0] in _ROUGH or _PAIR.search(bare):
        return None
    value = _positional(bare) if all(char in _DIGITS for char in bare) else _Sum().of(bare)
    return None if value is None or value >= _MOST else Number(value, approximate=bare != run)


def whole(run: str) -> int | None:
    """Return a numeral as an exact whole number, or None."""
    number = read_number(run)
    if number is None or number.approximate or number.value != int(number.value):
        return None
    return int(number.value)


def _positional(bare: str) -> Decimal | None:
    if len(bare) == 1 or len(bare) > 2 or "〇" in bare:
        return Decimal("".join(str(_DIGITS[char]) for char in bare))
    return None


class _Sum:
    """Adds up a numeral from left to right; None as soon as it is malformed."""

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.current: Decimal | None = None
        self.last_unit = 0
        self.sound = True

    def of(self, bare: str) -> Decimal | None:
        for part in _TOKEN.findall(bare):
            self._take(part)
        if self.current is not None:
            self.section += self.current * self._tail()
        return self.total + self.section if self.sound else None

    def _take(self, part: str) -> None:
        if part in _LARGE:
            self._large(_LARGE[part])
        elif part in _TENS:
            self._ten(_TENS[part])
        elif part in _SCORES:
            self.section += _SCORES[part]
            self.last_unit = 10
        elif part in "零〇":
            self.last_unit = 0
        else:
            self._digit(part)

    def _digit(self, part: str) -> None:
        known = part in _DIGITS or part[0].isdecimal()
        self.sound = self.sound and known and self.current is None
        self.current = Decimal(_DIGITS.get(part, part.replace(",", "") if known else 0))

    def _ten(self, unit: int) -> None:
        # 十 may stand alone (十一); 百 and 千 may not: 百佳, 千方百计 are words, not numerals.
        if self.current is None and unit == 10 and self.section % 100 == 0:
            self.current = Decimal(1)
        if self.current is None:
            self.sound = False
            return
        self.section += self.current * unit
        self.current, self.last_unit = None, unit

    def _large(self, unit: int) -> None:
        self.section += self.current or 0
        self.sound = self.sound and self.section > 0
        if unit > 10**4:
            self.total = (self.total + self.section) * unit
        else:
            self.total += self.section * unit
        self.section, self.current, self.last_unit = Decimal(0), None, unit

    def _tail(self) -> Decimal:
        # 两万三 is 23,000 and 一百二 is 120: a lone last digit counts the next lower unit.
        lone = self.current is not None and self.current < 10
        return Decimal(self.last_unit // 10) if lone and self.last_unit >= 100 else Decimal(1)
