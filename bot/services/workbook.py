"""An .xlsx file as plain rows, with guards against files made to hurt."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from bot.errors import InputError

MOST_UNPACKED = 64 * 1024 * 1024
"""Twenty thousand rows of twenty columns unpack to about 20 MB."""
_MOST_PARTS = 1000
_MOST_LINES = 100_000
"""Rows with empty ones between them; sheets often carry thousands of formatted empty rows."""
_MOST_COLUMNS = 200
_MOST_MERGED = 1_000_000

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_FIRST_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?\w+:id=\"([^\"]+)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")

Grid = list[list[object]]


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a zip archive, as every .xlsx is."""
    return content.startswith(b"PK")


def workbook_rows(name: str, content: bytes) -> Grid:
    """Return the first sheet, values only; a merged cell's value stands in all of its cells.

    Raises InputError for what is no workbook, is damaged, or unpacks to an unreasonable size.
    """
    # Whatever goes wrong inside a hostile archive, the person is told the same thing.
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(name, archive)
            merged = _merged_ranges(archive)
        grid = _grid(name, content)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"文件 {name} 不是完好的 Excel 表格，请重新另存为 .xlsx 再导入。"
        ) from error
    _spread(name, grid, merged)
    return grid


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in archive.namelist():
        raise InputError(f"文件 {name} 不是 Excel 表格，请另存为 .xlsx 再导入。")
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise InputError(f"文件 {name} 展开后太大，请只保留要导入的那一张表。")
    for part in parts:
        if part.filename.endswith(".xml") and b"<!DOCTYPE" in archive.open(part).read(4096):
            raise InputError(f"文件 {name} 里有不该有的声明，请重新另存为 .xlsx 再导入。")


def _grid(name: str, content: bytes) -> Grid:
    with warnings.catch_warnings():
        # openpyxl warns about styles and extensions it leaves out; we only want values.
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = workbook.worksheets[0]
            # Some programs write a wrong size into the sheet; the rows themselves are right.
            sheet.reset_dimensions()
            return _limited(name, sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True))
        finally:
            workbook.close()


def _limited(name: str, rows: Iterable[tuple[object, ...]]) -> Grid:
    grid: Grid = []
    for row in rows:
        if len(grid) >= _MOST_LINES:
            raise InputError(f"文件 {name} 行数太多，请删去末尾的空行后再导入。")
        filled = max((at + 1 for at, value in enumerate(row) if value is not None), default=0)
        grid.append([_value(value) for value in row[:filled]])
    return grid


def _value(value: object) -> object:
    # A moment a hair before midnight is a date that Excel stored as a fraction.
    if isinstance(value, datetime):
        return (value + timedelta(milliseconds=500)).date()
    return value


def _merged_ranges(archive: zipfile.ZipFile) -> list[tuple[int, int, int, int]]:
    # openpyxl's streaming reader does not tell which cells are merged.
    sheet = archive.read(_first_sheet(archive))
    return [_bounds(ref.decode("ascii")) for ref in _MERGED.findall(sheet)]


def _bounds(ref: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or 1, bottom or 1


def _first_sheet(archive: zipfile.ZipFile) -> str:
    sheet = _FIRST_SHEET.search(archive.read("xl/workbook.xml"))
    assert sheet is not None
    marks = b'Id="' + sheet[1] + b'"'
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(re.search(rb'Target="([^"]+)"', one) for one in relations if marks in one)
    assert target is not None
    return str(PurePosixPath("xl") / target[1].decode()).removeprefix("/")


def _spread(name: str, grid: Grid, merged: Iterable[tuple[int, int, int, int]]) -> None:
    touched = 0
    for left, top, right, bottom in merged:
        if top > len(grid) or left > len(grid[top - 1]):
            continue
        rows = grid[top - 1 : bottom]
        touched += len(rows)
        if touched > _MOST_MERGED:
            raise InputError(f"文件 {name} 合并的单元格太多，请取消合并后再导入。")
        _fill(rows, left, min(right, _MOST_COLUMNS), grid[top - 1][left - 1])


def _fill(rows: Iterable[list[object]], left: int, right: int, value: object) -> None:
    for row in rows:
        row.extend([None] * (right - len(row)))
        row[left - 1 : right] = [value] * (right - left + 1)
