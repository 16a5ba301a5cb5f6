"""The audit trail: the database itself refuses to change or remove what was written."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from bot.storage import audit
from bot.storage.audit import AuditRow
from bot.storage.database import Database
from tests.support.use_cases import NOW


@pytest.fixture
def written(database: Database) -> Database:
    for action in ("report.book", "assignment.closed"):
        database.run(
            lambda session, action=action: audit.add(  # type: ignore[misc]
                session,
                at=NOW,
                actor="bangongshi",
                action=action,
                subject="assignment:1",
                reason="缺照片",
                detail={"report": 7, "单位": ["临县"]},
            )
        )
    return database


def test_acts_come_back_in_order_with_all_they_hold(written: Database) -> None:
    first, second = written.read(lambda session: audit.of_subject(session, "assignment:1"))
    assert (first.action, second.action) == ("report.book", "assignment.closed")
    assert (first.at, first.actor, first.reason) == (NOW, "bangongshi", "缺照片")
    assert first.detail == {"report": 7, "单位": ["临县"]}
    assert written.read(lambda session: audit.of_subject(session, "assignment:2")) == []


FORGERIES = {
    "update": update(AuditRow).values(actor="nobody"),
    "update of one": text("UPDATE audit SET reason = '' WHERE id = 1"),
    "delete": delete(AuditRow),
    "delete of one": text("DELETE FROM audit WHERE id = 1"),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_nobody_can_change_or_remove_an_act(written: Database, forgery: object) -> None:
    def forge(session: object) -> None:
        session.execute(forgery)  # type: ignore[attr-defined]

    with pytest.raises(DBAPIError, match="append-only"):
        written.run(forge)
    assert len(written.read(lambda session: audit.of_subject(session, "assignment:1"))) == 2


def test_nobody_can_empty_the_trail(written: Database) -> None:
    statement = "DELETE FROM audit" if written.embedded else "TRUNCATE audit"
    with pytest.raises(DBAPIError, match="append-only"):
        written.run(lambda session: session.execute(text(statement)))
