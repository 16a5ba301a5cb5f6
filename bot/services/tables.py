"""Tables that people hand in, .csv or .xlsx, read into one shape. Rows keep their file's number."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.errors import InputError
from bot.services.workbook import is_workbook, workbook_rows

Cell = str | int | float | date
"""An empty cell is the empty string; text has no blanks around it; a date has no time."""

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
_TITLE_ROWS = 10
"""The header is looked for this far down: many rosters begin with a title."""
_MOST_COLUMNS = 200

_DELIMITERS = (",", ";", "\t")
_ENCODINGS = ("utf-8-sig", "gb18030")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f]")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""The first bytes of .xls, and of an .xlsx with a password."""


@dataclass(frozen=True)
class Row:
    """One line of data. `number` is what the person sees at the left edge of the sheet."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return a cell as text; an account typed as a number keeps its digits."""
        return str(self.cells.get(column, ""))

    def cell(self, column: str) -> Cell:
        """Return a cell as it was typed."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A header and its rows; empty rows are left out."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, columns: Sequence[str]) -> Table:
    """Read a file that must have these columns; others are kept and ignored by its readers.

    Raises InputError, with what to do, for a file that is missing, too large (10 MB, 20,000
    rows), empty, of another kind, or without a column or with one twice.
    """
    return parse_table(path.name, read_bytes(path), columns)


def read_bytes(path: Path) -> bytes:
    """Return a file's content; InputError if it is missing, not readable or above 10 MB."""
    try:
        too_large = path.stat().st_size > MOST_BYTES
        content = b"" if too_large else path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"找不到文件 {path.name}，请检查文件名和所在的文件夹。")
    except OSError:
        raise InputError(f"文件 {path.name} 打不开，请确认它不是文件夹、没有被别的程序占用。")
    if too_large:
        raise InputError(f"文件 {path.name} 超过 10 MB，请拆分后再导入。")
    return content


def parse_table(name: str, content: bytes, columns: Sequence[str]) -> Table:
    """Read the content of a file called `name`; as `read_table`, for what was uploaded."""
    if len(content) > MOST_BYTES:
        raise InputError(f"文件 {name} 超过 10 MB，请拆分后再导入。")
    if content.startswith(_OLD_EXCEL):
        raise InputError(f"文件 {name} 是旧版 .xls 或加了密码，请另存为不加密的 .xlsx 再导入。")
    grid = workbook_rows(name, content) if is_workbook(content) else _csv(name, content, columns)
    return _table(name, grid, columns)


def decode(name: str, content: bytes) -> str:
    """Return the text of a file saved as UTF-8, GB18030 or UTF-16; InputError for anything else."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(f"文件 {name} 不是文字文件，请另存为 .csv（UTF-8）或 .xlsx 再导入。")


def _csv(name: str, content: bytes, columns: Sequence[str]) -> list[list[object]]:
    text = decode(name, content)
    start = text.split("\n", _TITLE_ROWS)[:_TITLE_ROWS]
    delimiter = max(_DELIMITERS, key=lambda mark: _most_known(start, mark, columns))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [list(row) for row in _limited(name, reader)]
    except csv.Error:
        raise InputError(f"文件 {name} 第{reader.line_num}行的引号不成对，请检查后再导入。")


def _most_known(lines: Iterable[str], delimiter: str, columns: Sequence[str]) -> int:
    try:
        return max(
            (_known(row, columns) for row in csv.reader(lines, delimiter=delimiter)), default=0
        )
    except csv.Error:
        return 0


def _limited(name: str, rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count > MOST_ROWS + _TITLE_ROWS:
            raise _too_many(name)
        yield row


def _table(name: str, grid: Iterable[Sequence[object]], columns: Sequence[str]) -> Table:
    rows = [
        (number, [_clean(value) for value in values[:_MOST_COLUMNS]])
        for number, values in enumerate(grid, start=1)
    ]
    rows = [(number, cells) for number, cells in rows if any(cell != "" for cell in cells)]
    if not rows:
        raise InputError(f"文件 {name} 是空的。")
    place = max(range(len(rows[:_TITLE_ROWS])), key=lambda at: (_known(rows[at][1], columns), -at))
    header = tuple(_title(cell) for cell in rows[place][1])
    _check_header(name, header, columns)
    data = tuple(Row(number, _by_column(header, cells)) for number, cells in rows[place + 1 :])
    if not data:
        raise InputError(f"文件 {name} 只有表头，没有内容。")
    if len(data) > MOST_ROWS:
        raise _too_many(name)
    return Table(header, data)


def _known(cells: Sequence[Cell], columns: Sequence[str]) -> int:
    return sum(_title(cell) in columns for cell in cells)


def _check_header(name: str, header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise InputError(
            f"文件 {name} 缺少列：{'、'.join(missing)}。表头应为：{'、'.join(columns)}。"
        )
    doubled = [column for column in columns if header.count(column) > 1]
    if doubled:
        raise InputError(f"文件 {name} 的列重复了：{'、'.join(doubled)}，请每列只留一个。")


def _by_column(header: Sequence[str], cells: Sequence[Cell]) -> dict[str, Cell]:
    return {column: cell for column, cell in zip(header, cells, strict=False) if column}


def _title(cell: object) -> str:
    return re.sub(r"[\s*＊]", "", str(_clean(cell)))


def _clean(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        return _INVISIBLE.sub("", str(value)).strip()
    return value


def _too_many(name: str) -> InputError:
    return InputError(f"文件 {name} 超过 {MOST_ROWS} 行，请拆分后再导入。")
