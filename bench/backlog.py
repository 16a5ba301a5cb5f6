"""An office with very many contacts, all of whom are to be reminded at the same minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.app import Bot
from bot.clock import SHANGHAI, ManualClock
from bot.domain.assignments import Part, Standing
from bot.domain.people import Person, Role
from bot.knowledge.files import read_text
from bot.knowledge.plan_document import read_plan
from bot.settings import DATA, DatabasePart, Server, Settings, WeCom
from bot.storage import outbox
from bot.storage.assignments import AssignmentRow
from bot.storage.people import PersonRow, UnitRow
from bot.storage.statements import table
from simulator.corp import Corp, random_corp

UNITS = 1000
POINT = 11
CHASED = 12
"""Nobody reports on this one."""
DUE = datetime(2021, 7, 12, 9, 7, tzinfo=SHANGHAI)
"""When 八一's 催计划 goes: to those contacts whose unit has reported no plan."""
BEFORE = DUE - timedelta(minutes=2)
_CHUNK = 10_000


@contextmanager
def opened(url: str, api: str, corp: Corp | None = None) -> Iterator[Bot]:
    """Lend a bot at the due minute whose messages go to `api`."""
    wecom = WeCom.model_validate((corp or random_corp()).settings(api))
    bot = Bot(
        Settings(wecom=wecom, database=DatabasePart(url=url), server=Server(port=0)),
        ManualClock(DUE),
    )
    try:
        yield bot
    finally:
        bot.close()


def furnish(bot: Bot, people: int) -> None:
    """Fill a migrated database: the plan, and units with contacts that owe two tasks each."""
    plan = read_plan(read_text(DATA / "work-points-2021.txt"), "work-points-2021.txt")

    def work(session: Session) -> None:
        services = bot.make_services(session)
        services.work_points.import_plan(plan, "bench")
        _insert(session, UnitRow, [_unit(number) for number in range(UNITS)])
        units = session.scalars(select(UnitRow.id).order_by(UnitRow.id)).all()
        _insert(session, PersonRow, [_person(number, units[number % UNITS])
                                     for number in range(people)])  # fmt: skip
        for number in (POINT, CHASED):
            point = services.work_points.row_of(number)
            _insert(session, AssignmentRow, [_task(point, unit) for unit in units])

    bot.database.run(work)


def plan(bot: Bot) -> int:
    """Let the bot put the due holiday reminders into its outbox; return how many."""
    while bot.database.run(lambda session: bot.make_services(session).reminders.plan(BEFORE)):
        pass
    return due(bot)


def chase(bot: Bot) -> int:
    """Let the office chase all who have not answered; return how many messages that queues."""
    actor = Person("office", "双拥办", Role.OFFICE)
    bot.database.run(lambda session: bot.make_services(session).reminders.chase(actor, CHASED))
    return due(bot)


def due(bot: Bot) -> int:
    """Return how many messages wait."""
    return bot.database.read(outbox.counts).get(outbox.QUEUED, 0)


def _insert(session: Session, row: type[Any], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), _CHUNK):
        session.execute(insert(table(row)), values[start : start + _CHUNK])


def _unit(number: int) -> dict[str, Any]:
    return {"name": f"测试单位{number}", "category": "县市区", "parent": None}


def _person(number: int, unit: int) -> dict[str, Any]:
    return {
        "userid": f"contact-{number}",
        "name": f"联络员{number}",
        "unit_id": unit,
        "role": str(Role.CONTACT),
        "active": True,
    }


def _task(point: int, unit: int) -> dict[str, Any]:
    return {
        "point_id": point,
        "task": "八一走访慰问",
        "unit_id": unit,
        "part": str(Part.LEAD),
        "deadline": DUE.date() + timedelta(days=30),
        "standard": "",
        "standing": str(Standing.OPEN),
        "reason": "",
    }
