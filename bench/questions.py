"""Thousands of different questions, made of what the product ships in `data/`.

No two are alike, so no cache of answers helps. Each knows which point it is about, or that the
documents do not cover it.
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from bot.domain.work_points import WorkPoint
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.settings import DATA

COVERED = (
    "{theme}有什么要求？{unit}问",
    "{unit}怎么做{theme}？",
    "{theme}，{unit}要做什么？",
    "{theme}是哪条？{unit}问",
    "请问{unit}的{theme}怎么安排",
    "{unit}：{theme}指什么？",
    "{unit}问，{holiday}前要{theme}吗？",
    "{unit}问，{holiday}的{theme}怎么报？",
)
"""Wordings about a theme of the plan. All of them need the search."""
BEYOND = (
    "{year}年{theme}有什么要求？{unit}问",
    "{unit}：{theme}每人发多少元？",
    "第{number}条是什么？{unit}问{holiday}的事",
    "{unit}{holiday}天气怎么样？",
)
"""Wordings about what the plan does not say."""
ONE_IN = 12
"""One question in so many is beyond the documents."""
_YEARS = range(2010, 2021)
_NUMBERS = range(21, 100)
_SHORTEST, _LONGEST = 7, 14
"""Characters of a theme."""


@dataclass(frozen=True)
class Question:
    """What is asked, and the point that answers it; None when none does."""

    text: str
    point: int | None


def questions(seed: int = 1) -> Iterator[Question]:
    """Yield different questions in an order that only the seed decides; about 80,000 of them."""
    chance = Random(seed)
    about, beyond = _about(), _beyond()
    chance.shuffle(about)
    chance.shuffle(beyond)
    rest = iter(beyond)
    for number, question in enumerate(about):
        if number % ONE_IN == 0:
            yield from (one for one in [next(rest, None)] if one)
        yield question


def _about() -> list[Question]:
    made = {
        wording.format(unit=unit, theme=theme, holiday=holiday): point
        for wording, (theme, point), unit, holiday in product(
            COVERED, _themes(), _units(), _holidays()
        )
    }
    return [Question(text, point) for text, point in made.items()]


def _beyond() -> list[Question]:
    themes, units, holidays = _themes(), _units(), _holidays()
    chance = Random(0)
    made = {
        wording.format(
            theme=chance.choice(themes)[0],
            unit=unit,
            holiday=chance.choice(holidays),
            year=chance.choice(_YEARS),
            number=number,
        )
        for wording, unit, number in product(BEYOND, units, _NUMBERS)
    }
    return [Question(text, None) for text in sorted(made)]


def _themes() -> list[tuple[str, int]]:
    """Return what the points speak of, clause by clause, and the tasks that follow from them."""
    plan = read_plan(read_text(DATA / "work-points-2021.txt"), "work-points-2021.txt")
    clauses = [(theme, point.number) for point in plan.points for theme in _clauses(point)]
    tasks = [(row["任务"], int(row["要点序号"])) for row in _rows("assignments-sample.csv")]
    return clauses + tasks


def _clauses(point: WorkPoint) -> Iterator[str]:
    for clause in re.split("[，。；：、,;:]", point.text):
        if _SHORTEST <= len(clause.strip()) <= _LONGEST:
            yield clause.strip()


def _units() -> list[str]:
    return list(dict.fromkeys(row["单位"] for row in _rows("roster-sample.csv")))


def _holidays() -> list[str]:
    rules = tomllib.loads((DATA / "holiday-rules.toml").read_text(encoding="utf-8"))
    return [holiday["name"] for holiday in rules["holiday"]]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
