"""The auditor: what should have happened and did not is put right once, and told once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.clock import SHANGHAI
from bot.domain.people import Role
from bot.outbox import reasons
from bot.services.audit_checks import OWN
from bot.storage import findings, inbox, outbox, people, ticks
from bot.storage.outbox import OutboxRow
from bot.storage.reminders import ReminderRow
from bot.storage.ticks import TickRow
from bot.texts.audit import JOBS as NAMED_JOBS
from jobs import JOBS
from simulator.faults import Effect
from tests.support.office import Office

AUDIT = timedelta(minutes=10)
RESULT = "【八一·报结果】"


def at(month: int, day: int, hour: int = 9, minute: int = 40) -> datetime:
    return datetime(2021, month, day, hour, minute, tzinfo=SHANGHAI)


def audits(office: Office, times: int = 1) -> list[str]:
    """Let so many audits pass, and return what the office heard of them."""
    for _ in range(times):
        office.clock.advance(AUDIT)
        office.act()
    return [text for text in office.person("bangongshi").hears() if "运行提醒" in text]


def do(office: Office, work: Callable[[Session], object]) -> None:
    def write(session: Session) -> None:
        work(session)

    office.bot.database.run(write)


def test_when_all_is_well_nobody_hears_of_it(office: Office) -> None:
    office.act()
    assert audits(office, 12) == []
    office.pass_time(at(8, 4), step=timedelta(hours=1))
    assert audits(office) == []
    assert office.bot.database.read(lambda session: findings.counts(session, at(1, 1))) == {}
