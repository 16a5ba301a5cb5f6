"""Whole messages and time expressions, hand-checked: every row of the tables is read fully right.

The messages are what units and counties reply; they are read as sent on 2021-07-28, the day the
2021 work points were issued. Lists are separated by commas, in the order in which they stand.
"""

import csv
from datetime import date
from pathlib import Path

from bot.language.reading import as_json, read
from bot.language.when import when
from tests.support.calendars import shipped

HERE = Path(__file__).parent
ISSUED = date(2021, 7, 28)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def as_row(text: str) -> dict[str, str]:
    """Return what `understand --json` says of a message, in the table's notation."""
    told = as_json(read(text, ISSUED, shipped()))
    return {
        "text": told["text"],
        "intent": told["intent"],
        "points": ",".join(str(point) for point in told["points"]),
        "status": told["status"] or "",
        "percent": "" if told["percent"] is None else str(told["percent"]),
        "money_yuan": ",".join(str(money) for money in told["money_yuan"]),
        "counts": ",".join(f"{count['value']}{count['unit']}" for count in told["counts"]),
        "date": told["date"] or "",
        "missing": "、".join(told["missing"]),
    }


def test_every_message_is_read_as_a_careful_clerk_would() -> None:
    table = rows("sentences.tsv")
    wrong = [(row, got) for row in table if (got := as_row(row["text"])) != row]
    assert len(table) >= 150
    assert wrong == []


def test_every_time_expression_is_read_as_a_careful_clerk_would() -> None:
    table = rows("dates.tsv")
    wrong = []
    for row in table:
        told = when(row["text"], date.fromisoformat(row["base"]), shipped())
        if (str(told.start or ""), str(told.end or "")) != (row["start"], row["end"]):
            wrong.append((row, told))
    assert len(table) >= 120
    assert wrong == []


def test_what_is_not_read_has_a_reason_in_chinese() -> None:
    for row in rows("dates.tsv"):
        told = when(row["text"], date.fromisoformat(row["base"]), shipped())
        assert told.start is not None or (told.reason or "").endswith("。"), row["text"]
