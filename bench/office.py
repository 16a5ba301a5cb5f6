"""An office large enough that nobody meets the limit on messages a minute."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, count, islice
from random import Random

from sqlalchemy.orm import Session

from bench.dialects import Text
from bench.questions import questions
from bot.app import Bot
from bot.clock import Clock
from bot.domain.work_points import label
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.services import assignments_file, roster_file
from bot.services.tables import Table, parse_table
from bot.settings import DATA, DatabasePart, Server, Settings, WeCom
from bot.storage import conversation
from simulator.corp import Corp

_LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)
CONTACTS = 4
"""Contacts in each unit; the bot takes 30 messages a minute from each."""
POINT = 11
_BOOKED = "已记录"


def settings(corp: Corp, url: str) -> Settings:
    """Return the settings of the bot under load; nothing listens where it would push to."""
    return Settings(
        wecom=WeCom.model_validate(corp.settings("http://127.0.0.1:9")),
        database=DatabasePart(url=url),
        server=Server(port=0),
    )


def furnish(corp: Corp, url: str, units: int) -> None:
    """Fill a migrated database with the plan, the people and one task for each unit.

    Everybody has written to the bot before.
    """
    bot = Bot(settings(corp, url), Clock())
    try:
        plan = read_plan(read_text(DATA / "work-points-2021.txt"), "work-points-2021.txt")

        def enter(session: Session) -> None:
            bot.make_services(session).work_points.import_plan(plan, "bench")
            bot.make_services(session).people.import_roster(_roster(units), "bench")
            bot.make_services(session).assignments.import_table(_split(units), "bench")
            for who in _everyone(units):
                conversation.create(session, _account(*who), _LONG_AGO)

        bot.database.run(enter)
    finally:
        bot.close()


class Crowd:
    """Everyone in one office, writing by turns; no report and no question is like another."""

    def __init__(self, units: int, seed: int = 1) -> None:
        self._numbers = count(1)
        self._questions = chain.from_iterable(questions(again) for again in count(seed))
        self._points: dict[str, int | None] = {}
        self._people = [_account(*who) for who in _everyone(units)]
        Random(seed).shuffle(self._people)
        self._turn = 0

    def questions(self, many: int) -> list[Text]:
        """Return questions about the plan."""
        asked = list(islice(self._questions, many))
        self._points.update((question.text, question.point) for question in asked)
        writers = (who for _, who in self._next(many))
        return [(who, question.text) for who, question in zip(writers, asked, strict=True)]

    def reports(self, many: int) -> list[Text]:
        """Return reports that are booked at once."""
        return [
            (who, f"第{POINT}条 已完成，走访部队{number}个，慰问金{number % 90 + 10}万元")
            for number, who in self._next(many)
        ]

    def is_answered(self, question: str, answer: str) -> bool:
        """Whether `answer` names the point that the question is about, or cites none if none is."""
        point = self._points[question]
        return "【" not in answer if point is None else label(point) in answer

    @staticmethod
    def is_booked(_report: str, answer: str) -> bool:
        """Whether `answer` says that the report was booked."""
        return answer.startswith(_BOOKED)

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
