"""How dates, money and counts are written: as Chinese offices write them."""

from datetime import date
from decimal import Decimal

from bot.domain.progress import Count, Figures, Money

WAN = 10_000


def day(value: date, today: date | None = None) -> str:
    """Return `8月5日`; with the year when it is not the year of `today`."""
    short = f"{value.month}月{value.day}日"
    return short if today is not None and today.year == value.year else f"{value.year}年{short}"


def money(entry: Money) -> str:
    """Return `慰问金 24 万元`, `1.5 万余元`, `8,000 元`."""
    yuan = Decimal(entry.fen) / 100
    rest = "余" if entry.approximate else ""
    amount = (
        f"{_number(yuan / WAN)} 万{rest}元" if yuan >= WAN and _even(yuan / WAN)
        else f"{_number(yuan)} {rest}元"
    )  # fmt: skip
    return f"{entry.what} {amount}".strip()


def count(entry: Count) -> str:
    """Return `走访部队 5 个`."""
    rest = "余" if entry.approximate else ""
    return f"{entry.what} {_number(Decimal(str(entry.value)))} {rest}{entry.unit}".strip()


def figures(entries: Figures) -> str:
    """Return all numbers of a report in one line."""
    return "；".join([*map(count, entries.counts), *map(money, entries.money)])


def _even(value: Decimal) -> bool:
    """Whether a figure in 万 needs at most four digits after the point."""
    return value == value.quantize(Decimal("0.0001"))


def _number(value: Decimal) -> str:
    text = f"{value.normalize():,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
