"""Cells of handed-in tables that mean something: a day, a list of names, a point's number."""

import re
from datetime import date

from bot.services.tables import Cell

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_POINT = re.compile(r"第?\s*(\d{1,3})\s*[条点项]?")
_BETWEEN_NAMES = re.compile(r"[；;、,，\n]")


def day(cell: Cell) -> date | None:
    """Return the day in a cell (2021-08-05, 2021/8/5, 2021年8月5日 …); None if unreadable."""
    if isinstance(cell, date):
        return cell
    text = str(cell)
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def point(cell: Cell) -> int | None:
    """Return the number of a work point (11, 第11条); None if unreadable."""
    match = _POINT.fullmatch(str(cell))
    return int(match[1]) if match else None


def names(cell: Cell) -> tuple[str, ...]:
    """Return the names in a cell, each once, in their order."""
    parts = (part.strip() for part in _BETWEEN_NAMES.split(str(cell)))
    return tuple(dict.fromkeys(part for part in parts if part))
