"""The holiday rules of `data/holiday-rules.toml`: read, checked, and said back in its words."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.domain.holidays import canonical
from bot.domain.offsets import (
    DaysAfter,
    DaysBefore,
    LunarDay,
    Offset,
    TheDay,
    WorkingDaysAfter,
    WorkingDaysBefore,
)
from bot.domain.reminders import Audience, HolidayRule, Late, Roll, Stage
from bot.errors import InputError

Choice = TypeVar("Choice", bound=StrEnum)

_HOLIDAY_KEYS = ("name", "point", "topic", "stage")
_STAGE_KEYS = ("name", "when", "to", "at", "rest_day", "late")
_FURTHEST = {"天": 200, "个工作日": 120}
"""A rule further from its holiday than this would meet the same holiday of another year."""

_PHRASES: tuple[tuple[re.Pattern[str], Callable[[int], Offset], int], ...] = (
    (re.compile(r"前(\d+)天"), DaysBefore, _FURTHEST["天"]),
    (re.compile(r"节后第?(\d+)天"), DaysAfter, _FURTHEST["天"]),
    (re.compile(r"前(\d+)个工作日"), WorkingDaysBefore, _FURTHEST["个工作日"]),
    (re.compile(r"节后第?(\d+)个工作日"), WorkingDaysAfter, _FURTHEST["个工作日"]),
)
_LUNAR = re.compile(r"农历(\d+)月(\d+)日")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def load_rules(path: Path) -> tuple[HolidayRule, ...]:
    """Return the rules of a file; InputError names the file and what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"找不到节日规则文件 {path.name}。")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"节日规则文件 {path.name} 无法读取，请存为 UTF-8 编码的文本文件。")
    return parse_rules(text)


def parse_rules(text: str) -> tuple[HolidayRule, ...]:
    """Return the rules of a TOML text; InputError names each holiday, stage and key at fault."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"节日规则文件的格式不对：{_position(error)}，请对照注释检查。")
    _only(tree, ("holiday",), "节日规则文件")
    tables = _tables(tree.get("holiday"), "节日规则文件里没有 [[holiday]]。")
    rules = tuple(_rule(table) for table in tables)
    _no_doubles((rule.holiday for rule in rules), "节日规则文件")
    return rules


def parse_offset(phrase: str) -> Offset:
    """Return the offset that a phrase such as `前30天` means; InputError for any other words."""
    words = re.sub(r"\s", "", phrase)
    if words == "当天":
        return TheDay()
    lunar = _LUNAR.fullmatch(words)
    if lunar and 1 <= int(lunar[1]) <= 12 and 1 <= int(lunar[2]) <= 30:
        return LunarDay(int(lunar[1]), int(lunar[2]))
    for pattern, make, most in _PHRASES:
        match = pattern.fullmatch(words)
        if match and 1 <= int(match[1]) <= most:
            return make(int(match[1]))
    raise InputError(
        f"日子“{phrase}”读不懂，可写：当天、前30天、前3个工作日、"
        "节后7天、节后第1个工作日、农历12月23日。"
    )


def _rule(table: Mapping[str, object]) -> HolidayRule:
    name = _text(table, "name", "节日规则文件")
    place = f"节日“{name}”"
    _only(table, _HOLIDAY_KEYS, place)
    holiday = canonical(name)
    if holiday is None:
        raise InputError(f"{place}不认识，请写八一、春节、国庆节这样的名称。")
    tables = _tables(table.get("stage"), f"{place}没有 [[holiday.stage]]。")
    stages = tuple(_stage(stage, place) for stage in tables)
    _no_doubles((stage.name for stage in stages), place)
    return HolidayRule(holiday, _point(table, place), _text(table, "topic", place), stages)


def _stage(table: Mapping[str, object], holiday: str) -> Stage:
    name = _text(table, "name", holiday)
    place = f"{holiday}的“{name}”"
    _only(table, _STAGE_KEYS, place)
    when = _offset(_text(table, "when", place), place)
    default_roll = Roll.STAY if isinstance(when, TheDay) else Roll.BACK
    return Stage(
        name=name,
        when=when,
        audience=_choice(Audience, _text(table, "to", place), "to", place),
        at=_time(_text(table, "at", place), place),
        roll=_choice(Roll, str(table.get("rest_day", default_roll)), "rest_day", place),
        late=_choice(Late, _text(table, "late", place), "late", place),
    )


def _offset(phrase: str, place: str) -> Offset:
    try:
        return parse_offset(phrase)
    except InputError as error:
        raise InputError(f"{place}：{error}")


def _time(text: str, place: str) -> time:
    match = _TIME.fullmatch(text.replace("：", ":"))
    if match is None:
        raise InputError(f"{place}：时间“{text}”读不懂，请写成 09:07 这样。")
    return time(int(match[1]), int(match[2]))


def _choice(kind: type[Choice], text: str, key: str, place: str) -> Choice:
    try:
        return kind(text)
    except ValueError:
        choices = "、".join(kind)
        raise InputError(f"{place}：{key} 不能写“{text}”，只能写：{choices}。")


def _point(table: Mapping[str, object], place: str) -> int:
    point = table.get("point")
    if not isinstance(point, int) or isinstance(point, bool) or point < 1:
        raise InputError(f"{place}：point 要写工作要点的序号，如 11。")
    return point


def _text(table: Mapping[str, object], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{place}：缺少 {key}，或没有写在引号里。")
    return value.strip()


def _tables(value: object, missing: str) -> list[Mapping[str, object]]:
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise InputError(missing)
    return value


def _only(table: Mapping[str, object], allowed: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in allowed:
            raise InputError(f"{place}：不认识的键“{key}”，只能用：{'、'.join(allowed)}。")


def _no_doubles(names: Iterable[str], place: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{place}：“{name}”写了两次。")
        seen.add(name)


def _position(error: tomllib.TOMLDecodeError) -> str:
    match = re.search(r"line (\d+)", str(error))
    return f"第{match[1]}行读不懂" if match else "文件没有写完"
