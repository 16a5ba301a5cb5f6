"""A roster of units and people as the office hands it in: every bad row is named at once."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.domain.people import Role
from bot.errors import InputError
from bot.services.tables import Row, Table

COLUMNS = ("单位", "单位类别", "上级单位", "姓名", "企业微信账号", "角色")

_ROLES = tuple(str(role) for role in Role if role is not Role.STRANGER)
# WeCom: letters, digits and _ - @ . ; the first is a letter or a digit (so `@all` is no account).
_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class RosterUnit:
    """A unit as the file states it. `parent` is another unit's name."""

    name: str
    category: str
    parent: str | None


@dataclass(frozen=True)
class RosterPerson:
    """A person as the file states it. `row` is the line in the file."""

    userid: str
    name: str
    role: Role
    unit: str
    row: int


@dataclass(frozen=True)
class Roster:
    """A checked roster: no account twice, every unit with one category and a parent that exists."""

    units: tuple[RosterUnit, ...]
    people: tuple[RosterPerson, ...]


def parse_roster(table: Table, known_units: Collection[str] = ()) -> Roster:
    """Return the roster of a table read with `COLUMNS`.

    `known_units` are units entered before; a 上级单位 may be one of them. Raises InputError that
    names every bad row (`第7行：…`), so that one correction is enough.
    """
    problems = [
        f"第{row.number}行：{problem}" for row in table.rows for problem in _row_problems(row)
    ]
    problems += _doubled_accounts(table.rows)
    problems += _unit_conflicts(table.rows, "单位类别")
    problems += _unit_conflicts(table.rows, "上级单位")
    units = _units(table.rows)
    problems += _without_category(units)
    problems += _unknown_parents(table.rows, {*known_units, *units})
    problems += _circles(units)
    if problems:
        raise InputError(f"花名册有 {len(problems)} 处问题，没有导入：", tuple(problems))
    return Roster(tuple(units.values()), tuple(_person(row) for row in table.rows))


def _row_problems(row: Row) -> Iterator[str]:
    for column in ("单位", "姓名", "企业微信账号", "角色"):
        if not row.text(column):
            yield f"{column}是空的。"
    for column in ("单位", "单位类别", "上级单位", "姓名"):
        if len(row.text(column)) > _LONGEST_NAME:
            yield f"{column}超过 {_LONGEST_NAME} 个字，请检查是否串了列。"
    account = row.text("企业微信账号")
    if account and not _ACCOUNT.fullmatch(account):
        yield (
            f"企业微信账号“{account[:70]}”不合规则，只能用字母、数字和 _ - . @，"
            "以字母或数字开头，最多 64 位。"
        )
    role = row.text("角色")
    if role and role not in _ROLES:
        yield f"角色“{role}”不认识，只能写：{'、'.join(_ROLES)}。"


def _doubled_accounts(rows: Iterable[Row]) -> Iterator[str]:
    first: dict[str, Row] = {}
    for row in rows:
        account = row.text("企业微信账号").lower()
        if account and (earlier := first.setdefault(account, row)) is not row:
            yield (
                f"第{row.number}行：企业微信账号“{row.text('企业微信账号')}”"
                f"与第{earlier.number}行重复（不分大小写）。"
            )


def _unit_conflicts(rows: Iterable[Row], column: str) -> Iterator[str]:
    first: dict[str, Row] = {}
    for row in rows:
        if not row.text("单位") or not row.text(column):
            continue
        earlier = first.setdefault(row.text("单位"), row)
        if earlier.text(column) != row.text(column):
            yield (
                f"第{row.number}行：{row.text('单位')}的{column}是“{row.text(column)}”，"
                f"与第{earlier.number}行的“{earlier.text(column)}”不一致。"
            )


def _units(rows: Iterable[Row]) -> dict[str, RosterUnit]:
    units: dict[str, RosterUnit] = {}
    for row in rows:
        name = row.text("单位")
        if not name:
            continue
        # A category or parent stated on one of a unit's rows holds for all of them.
        seen = units.get(name, RosterUnit(name, "", None))
        category = seen.category or row.text("单位类别")
        units[name] = RosterUnit(name, category, seen.parent or row.text("上级单位") or None)
    return units


def _without_category(units: dict[str, RosterUnit]) -> Iterator[str]:
    for unit in units.values():
        if not unit.category:
            yield f"{unit.name}没有写单位类别。"


def _unknown_parents(rows: Iterable[Row], known: Collection[str]) -> Iterator[str]:
    for row in rows:
        parent = row.text("上级单位")
        if parent and parent not in known:
            yield f"第{row.number}行：上级单位“{parent}”不在花名册的单位里，请改正或先加上它。"


def _circles(units: dict[str, RosterUnit]) -> Iterator[str]:
    for unit in units.values():
        above, seen = unit.parent, {unit.name}
        while above in units and above not in seen:
            seen.add(above)
            above = units[above].parent
        if above == unit.name:
            yield f"{unit.name}的上级单位绕了一圈又是它自己。"


def _person(row: Row) -> RosterPerson:
    return RosterPerson(
        userid=row.text("企业微信账号"),
        name=row.text("姓名"),
        role=Role(row.text("角色")),
        unit=row.text("单位"),
        row=row.number,
    )
