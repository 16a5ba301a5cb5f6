"""A responsibility split as the office hands it in: every bad row is named at once."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from unicodedata import normalize

from bot.errors import InputError
from bot.services import cells
from bot.services.tables import Row, Table

COLUMNS = ("要点序号", "任务", "牵头单位", "配合单位", "完成时限", "完成标准")

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
_LONGEST = {"任务": 200, "完成标准": 1000}


@dataclass(frozen=True)
class AssignmentRow:
    """One task of one point. `task` may be empty: the point's own title then stands for it.

    `deadline` is None where the office set none; `row` is the line in the file.
    """

    point: int
    task: str
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    deadline: date | None
    standard: str
    row: int


class _UnitNames:
    """The roster's unit names; a name typed with other blanks or brackets is still found."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_key = {_key(name): name for name in names}

    def find(self, name: str) -> str | None:
        return self._by_key.get(_key(name))

    def nearest(self, name: str) -> str | None:
        close = get_close_matches(_key(name), self._by_key, n=1, cutoff=0.5)
        return self._by_key[close[0]] if close else None


def parse_assignments(
    table: Table, known_units: Collection[str], known_points: Collection[int]
) -> tuple[AssignmentRow, ...]:
    """Return the rows of a table read with `COLUMNS`, units by their names in the roster.

    Raises InputError that names every bad row (`第7行：…`), so that one correction is enough.
    """
    names = _UnitNames(known_units)
    problems = [
        f"第{row.number}行：{problem}"
        for row in table.rows
        for problem in _row_problems(row, names, known_points)
    ]
    problems += _doubled(table.rows, names)
    if problems:
        raise InputError(f"任务分工表有 {len(problems)} 处问题，没有导入：", tuple(problems))
    return tuple(_assignment(row, names) for row in table.rows)


def _row_problems(row: Row, names: _UnitNames, known_points: Collection[int]) -> Iterator[str]:
    yield from _point_problems(row, known_points)
    yield from _unit_problems(row, names)
    yield from _deadline_problems(row)
    for column, longest in _LONGEST.items():
        if len(row.text(column)) > longest:
            yield f"{column}超过 {longest} 个字，请精简。"


def _point_problems(row: Row, known_points: Collection[int]) -> Iterator[str]:
    number = cells.point(row.cell("要点序号"))
    if number is None:
        yield f"要点序号“{row.text('要点序号')}”读不懂，请写成 11。"
    elif number not in known_points:
        yield f"工作要点里没有第{number}条。"


def _unit_problems(row: Row, names: _UnitNames) -> Iterator[str]:
    if not row.text("牵头单位"):
        yield "牵头单位是空的。"
    for column in ("牵头单位", "配合单位"):
        for name in cells.names(row.cell(column)):
            if names.find(name) is None:
                yield _unknown(column, name, names.nearest(name))
    both = set(_found(row, "牵头单位", names)) & set(_found(row, "配合单位", names))
    for name in sorted(both):
        yield f"{name}既是牵头单位又是配合单位，请只留一处。"


def _unknown(column: str, name: str, nearest: str | None) -> str:
    hint = f"，是不是“{nearest}”？" if nearest else "，请先把它加进花名册。"
    return f"{column}“{name}”不在花名册里{hint}"


def _deadline_problems(row: Row) -> Iterator[str]:
    text = row.text("完成时限")
    if not text:
        return
    found = cells.day(row.cell("完成时限"))
    if found is None:
        yield f"完成时限“{text}”读不懂，请写成 2021-08-05；没有固定时限的请留空。"
    elif not _EARLIEST <= found < _LATEST:
        yield f"完成时限“{text}”的年份不对，请核对。"


def _doubled(rows: Iterable[Row], names: _UnitNames) -> Iterator[str]:
    first: dict[tuple[int | None, str, str], Row] = {}
    for row in rows:
        number, task = cells.point(row.cell("要点序号")), re.sub(r"\s", "", row.text("任务"))
        for unit in _found(row, "牵头单位", names):
            earlier = first.setdefault((number, task, unit), row)
            if earlier is not row:
                yield f"第{row.number}行：{unit}的这项任务与第{earlier.number}行重复。"


def _assignment(row: Row, names: _UnitNames) -> AssignmentRow:
    number = cells.point(row.cell("要点序号"))
    assert number is not None
    return AssignmentRow(
        point=number,
        task=row.text("任务"),
        leads=_found(row, "牵头单位", names),
        supports=_found(row, "配合单位", names),
        deadline=cells.day(row.cell("完成时限")),
        standard=row.text("完成标准"),
        row=row.number,
    )


def _found(row: Row, column: str, names: _UnitNames) -> tuple[str, ...]:
    """Return the units of a cell under their roster names, each once; unknown ones left out."""
    found = (names.find(name) for name in cells.names(row.cell(column)))
    return tuple(dict.fromkeys(name for name in found if name))


def _key(name: str) -> str:
    return re.sub(r"\s", "", normalize("NFKC", name)).lower()
