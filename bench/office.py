"""An office large enough that nobody meets the limit on messages a minute."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from random import Random

from bot.app import Bot
from bot.clock import Clock
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.services import assignments_file, roster_file
from bot.services.tables import Table, parse_table
from bot.settings import DATA, DatabasePart, Server, Settings, WeCom
from simulator.corp import Corp

CONTACTS = 4
"""Contacts in each unit; the bot takes 30 messages a minute from each."""
POINT = 11
QUESTIONS = (
    "第11条",
    "第7条说什么？",
    "立功受奖的军人家庭怎么慰问？",
    "随军家属就业有什么安排？",
    "军人子女上学有什么优待？",
    "国防教育要做什么？",
    "烈士纪念设施怎么保护？",
    "退役军人怎么安置？",
)
Text = tuple[str, str]
"""An account and what it writes."""


def settings(corp: Corp, url: str) -> Settings:
    """Return the settings of the bot under load; nothing listens where it would push to."""
    return Settings(
        wecom=WeCom.model_validate(corp.settings("http://127.0.0.1:9")),
        database=DatabasePart(url=url),
        server=Server(port=0),
    )


def furnish(corp: Corp, url: str, units: int) -> None:
    """Fill a migrated database with the plan, the people and one task for each unit."""
    bot = Bot(settings(corp, url), Clock())
    try:
        plan = read_plan(read_text(DATA / "work-points-2021.txt"), "work-points-2021.txt")
        bot.database.run(
            lambda session: (
                bot.make_services(session).work_points.import_plan(plan, "bench"),
                bot.make_services(session).people.import_roster(_roster(units), "bench"),
                bot.make_services(session).assignments.import_table(_split(units), "bench"),
            )
        )
    finally:
        bot.close()


class Crowd:
    """Everyone in the office, writing by turns; no report is like another."""

    def __init__(self, units: int, seed: int = 1) -> None:
        self._numbers = count(1)
        self._people = [_account(*who) for who in _everyone(units)]
        Random(seed).shuffle(self._people)
        self._turn = 0

    def questions(self, many: int) -> list[Text]:
        """Return questions about the plan."""
        return [(who, QUESTIONS[number % len(QUESTIONS)]) for number, who in self._next(many)]

    def reports(self, many: int) -> list[Text]:
        """Return reports that are booked at once."""
        return [
            (who, f"第{POINT}条 已完成，走访部队{number}个，慰问金{number % 90 + 10}万元")
            for number, who in self._next(many)
        ]

    def _next(self, many: int) -> Iterator[tuple[int, str]]:
        for _ in range(many):
            self._turn = (self._turn + 1) % len(self._people)
            yield next(self._numbers), self._people[self._turn]


def _everyone(units: int) -> Iterator[tuple[int, int]]:
    return ((unit, person) for unit in range(units) for person in range(CONTACTS))


def _account(unit: int, person: int) -> str:
    return f"contact-{unit}-{person}"


def _unit(unit: int) -> str:
    return f"测试单位{unit}"


def _roster(units: int) -> Table:
    rows = [
        f"{_unit(unit)},县市区,,联络员{unit}之{person},{_account(unit, person)},联络员"
        for unit, person in _everyone(units)
    ]
    return _table(roster_file.COLUMNS, rows)


def _split(units: int) -> Table:
    deadline = f"{datetime.now(UTC).year + 1}-08-01"
    leads = "；".join(_unit(unit) for unit in range(units))
    return _table(assignments_file.COLUMNS, [f"{POINT},八一走访慰问,{leads},,{deadline},"])


def _table(columns: tuple[str, ...], rows: list[str]) -> Table:
    content = "\n".join([",".join(columns), *rows]).encode()
    return parse_table("bench.csv", content, columns)
