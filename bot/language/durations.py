"""Lengths of time: 三天, 十个工作日, 两周, 半个月, 一个半月, 一个季度."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.language.days import Days
from bot.language.numbers import SMALL, whole
from bot.language.period import Period, shifted

_UNITS = {
    "天": "日",
    "日": "日",
    "工作日": "工作日",
    "周": "周",
    "星期": "周",
    "礼拜": "周",
    "月": "月",
    "季度": "季度",
    "年": "年",
    "半月": "半月",
    "小时": "小时",
}
_UNIT = r"工作日|星期|礼拜|季度|小时|钟头|天|日(?![报常])|周(?![年边围密])|年(?![度底])"
LENGTH = (
    rf"(?:(?P<half>半)个?月|(?P<full>{SMALL})个半月|(?P<halfyear>半)年|(?P<months>{SMALL})个月"
    rf"|(?P<count>首|{SMALL})个?(?P<unit>{_UNIT}))"
)
"""A pattern for a length of time; `read_length` takes its match."""


@dataclass(frozen=True)
class Length:
    """`count` times `unit` (日 工作日 周 月 季度 年 半月), and `extra` half months."""

    count: int
    unit: str
    extra: int = 0

    def after(self, day: date, days: Days) -> Period:
        """Return the day that lies this long after `day`."""
        return self._moved(day, days, 1)

    def before(self, day: date, days: Days) -> Period:
        """Return the day that lies this long before `day`."""
        return self._moved(day, days, -1)

    def _moved(self, day: date, days: Days, sign: int) -> Period:
        moved = shifted(day, sign * self.count, self.unit, days)
        return shifted(moved.first, sign * self.extra, "半月", days) if self.extra else moved


def read_length(groups: Mapping[str, str | None]) -> Length | None:
    """Return the length that the groups of a match of LENGTH state."""
    if groups["half"]:
        return Length(1, "半月")
    if groups["halfyear"]:
        return Length(6, "月")
    if groups["full"]:
        return _counted(groups["full"], "月", extra=1)
    if groups["months"]:
        return _counted(groups["months"], "月")
    return _plain(groups["count"] or "", groups["unit"] or "")


def _plain(count: str, unit: str) -> Length | None:
    if unit in {"小时", "钟头"}:
        hours = whole(count)
        return None if hours is None else Length(-(-hours // 24), "日")
    return Length(1, _UNITS[unit]) if count == "首" else _counted(count, _UNITS[unit])


def _counted(count: str, unit: str, extra: int = 0) -> Length | None:
    value = whole(count)
    return None if value is None else Length(value, unit, extra)
