"""copy-to: everything into an empty database of any kind, found equal, and fit to work on with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session

from bot.errors import ConfigError, InputError
from bot.storage import copy, outbox, rows
from bot.storage.conversation import ConversationRow
from bot.storage.database import Database
from bot.storage.inbox import InboxRow
from bot.storage.outbox import OutboxRow
from tests.support import databases
from tests.support.fuzzing import examples
from tests.support.plan import plan_2021
from tests.support.use_cases import NOW, UseCases, reporting

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=databases.KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database, so that each test runs in all four directions."""
    with databases.fresh(request.param, tmp_path) as fresh:
        yield fresh


def everything_in(database: Database) -> dict[str, list[dict[str, Any]]]:
    def work(session: Session) -> dict[str, list[dict[str, Any]]]:
        found = {table.name: [*rows.of(session, table)] for table in rows.tables()}
        found["conversations"].sort(key=lambda row: str(row["userid"]))  # collations differ
        return found

    return database.read(work)


def empty(database: Database) -> bool:
    return not database.read(rows.anywhere)


@pytest.fixture
def office(use: UseCases) -> UseCases:
    """An office at work, with a report that was corrected."""
    use.plan(plan_2021())
    use.roster("临县,县市区,,临小县,linxian,联络员", "双拥办,机关,,办小文,ban,双拥办")
    use.split("11,走访慰问,临县,,2021-08-05,有台账")
    use.report("linxian", "第11条 推进中，走访部队5个，慰问金2.5万元")
    use(lambda services: services.progress.correct(
        services.people.identify("linxian"), services.reading.read("走访部队6个")
    ))  # fmt: skip
    use.split("9,教育优待,临县,,,")
    use(lambda services: services.reminders.chase(services.people.identify("ban"), 9))
    return use


def test_everything_is_there_and_the_office_works_on(office: UseCases, target: Database) -> None:
    before = everything_in(office.database)
    done = copy.everything(office.database, target)
    assert everything_in(target) == before
    assert done.rows == sum(map(len, before.values())) > 40
    new = UseCases(target)
    assert new.report("linxian", "第11条 已完成") == 3
    assert new.roster("方山县,县市区,,方小山,fangshan,联络员").changed == 2
    new.split("9,随军家属,方山县,,,")
    new(lambda services: services.reminders.chase(services.people.identify("ban"), 9))


def test_a_second_copy_is_refused_and_changes_nothing(office: UseCases, target: Database) -> None:
    copy.everything(office.database, target)
    UseCases(target).report("linxian", "第11条 已完成")
    before = everything_in(target)
    with pytest.raises(InputError, match="已经有内容"):
        copy.everything(office.database, target)
    assert everything_in(target) == before


def test_a_copy_is_of_one_moment_though_people_go_on_writing(
    office: UseCases, target: Database
) -> None:
    with reporting(office) as written:
        for _ in range(3):
            assert written.acquire(timeout=20)
        copy.everything(office.database, target)
        assert written.acquire(timeout=20)
    found = everything_in(target)
    booked = {row["id"] for row in found["reports"]}
    traced = {row["detail"]["report"] for row in found["audit"] if "report" in row["detail"]}
    assert booked == traced, "a report and its trace are one transaction"


# --- what is on its way


def on_the_way(session: Session) -> None:
    """One row in each state in which a copy may meet it."""
    held = {"lease_holder": "old", "lease_until": NOW + 10 * MINUTE}
    frozen = {"recipients": [[2, "b"], [3, "c"]], "requests": ["{}"], "since": NOW.isoformat(),
              "msgids": [], "doubt": "grave"}  # fmt: skip
    states: list[dict[str, Any]] = [
        {"state": outbox.SENDING, **held},
        {"state": outbox.SENDING, **held, "frozen": frozen},
        {"state": outbox.SENDING, "lease_holder": "batch:2"},
        {"state": outbox.UNKNOWN, "frozen": frozen},
        {"state": outbox.UNKNOWN, "frozen": frozen, "ended_at": NOW},
        {"state": outbox.SENT, "ended_at": NOW, "msgid": "m", "errcode": 0},
        {"state": outbox.QUEUED},
    ]
    for number, state in enumerate(states, start=1):
        fixed = {"key": f"k:{number}", "touser": "abcdefg"[number - 1], "kind": "text"}
        session.execute(
            insert(OutboxRow).values(
                {**fixed, "facts": {}, "due_at": NOW, "created_at": NOW, "attempts": 1,
                 "lease_holder": "", "error": "", "msgid": "", "response_code": "", **state}
            )
        )  # fmt: skip


def claimed(database: Database, machine_now: datetime) -> dict[int, bool]:
    """Return which rows may be sent then, and whether with the request as it was frozen."""
    taken = database.run(
        lambda session: outbox.claim(
            session, now=NOW, machine_now=machine_now, holder="new",
            until=machine_now + MINUTE, limit=100,
        )
    )  # fmt: skip
    return {row.id: row.frozen is not None for row in taken}


def test_what_was_on_its_way_is_neither_sent_twice_nor_forgotten(
    database: Database, target: Database
) -> None:
    database.run(on_the_way)
    copy.everything(database, target)
    assert claimed(target, NOW) == {4: True, 7: False}, "what the old bot holds is not taken"
    later = claimed(target, NOW + 11 * MINUTE)
    assert later == {1: False, 2: True, 4: True, 7: False}, "its lease is over: to the byte again"
    assert (
        everything_in(target)["outbox"][1]["frozen"]
        == (everything_in(database)["outbox"][1]["frozen"])
    )


def test_the_keys_go_on_keeping_a_message_from_being_put_twice(
    database: Database, target: Database
) -> None:
    database.run(on_the_way)
    copy.everything(database, target)
    values = {"key": "k:6", "touser": "f", "kind": "text", "facts": {}, "due_at": NOW,
              "created_at": NOW}  # fmt: skip
    assert target.run(lambda session: outbox.add(session, values)) is False


# --- values

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=11))])
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30), timezones=ZONES)  # noqa: DTZ001
MESSAGES = st.fixed_dictionaries(
    {
        "userid": TEXTS, "kind": TEXTS, "plaintext": st.binary(max_size=100), "state": TEXTS,
        "received_at": MOMENTS, "answer": st.none() | st.dictionaries(TEXTS, VALUES, max_size=3),
        "reference": TEXTS | st.just("长" * 100_000),
    }
)  # fmt: skip
TALKS = st.dictionaries(TEXTS, st.dictionaries(TEXTS, VALUES, max_size=2), max_size=4)


@examples(15)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=4), talks=TALKS)
def test_every_value_arrives_as_it_was(
    database: Database,
    target: Database,
    messages: list[dict[str, Any]],
    talks: dict[str, dict[str, Any]],
) -> None:
    def refill(session: Session) -> None:
        wipe(session)
        for number, message in enumerate(messages):
            session.execute(insert(InboxRow).values(**message, key=str(number)))
        for userid, data in talks.items():
            session.execute(
                insert(ConversationRow).values(userid=userid, state="", data=data, updated_at=NOW)
            )

    database.run(refill)
    target.run(wipe)
    before = everything_in(database)
    assert copy.everything(database, target) == (len(rows.tables()), len(messages) + len(talks))
    assert everything_in(target) == before


def wipe(session: Session) -> None:
    session.execute(delete(InboxRow))
    session.execute(delete(ConversationRow))


def test_no_value_stays_no_value(database: Database, target: Database) -> None:
    database.run(on_the_way)
    copy.everything(database, target)
    nothing = target.read(
        lambda session: session.scalar(select(text("count(*)")).where(OutboxRow.frozen.is_(None)))
    )
    with_request = 3
    assert nothing == 7 - with_request


def test_a_text_that_postgresql_cannot_hold_leaves_nothing_there(tmp_path: Path) -> None:
    with (
        databases.fresh("sqlite", tmp_path) as source,
        databases.fresh("sqlite", tmp_path) as like,
        databases.fresh("postgresql", tmp_path) as other,
    ):
        source.run(on_the_way)
        spoil = text("UPDATE outbox SET error = 'a' || char(0) || 'b'")
        source.run(lambda session: session.execute(spoil))
        assert copy.everything(source, like).rows == 7
        assert everything_in(like) == everything_in(source)
        with pytest.raises(DatabaseError):
            copy.everything(source, other)
        assert empty(other)


# --- when it breaks


def test_a_row_that_arrived_changed_is_noticed_and_nothing_stays(
    office: UseCases, target: Database
) -> None:
    spoil = "UPDATE reports SET late = NOT late WHERE id = NEW.id"
    databases.on_insert(target, "reports", sqlite=spoil, postgresql=spoil)
    with pytest.raises(InputError, match="表 reports 前后不一致，没有复制任何内容"):
        copy.everything(office.database, target)
    assert empty(target)


def test_a_copy_that_breaks_halfway_leaves_nothing(office: UseCases, target: Database) -> None:
    databases.refuse_inserts(target, "reports")
    with pytest.raises(DBAPIError):
        copy.everything(office.database, target)
    assert empty(target)


def test_who_writes_to_the_target_meanwhile_waits(tmp_path: Path) -> None:
    """Without the lock a row could slip in beside the copied ones, unnoticed."""
    with (
        databases.fresh("sqlite", tmp_path) as source,
        databases.fresh("postgresql", tmp_path) as other,
    ):
        source.run(on_the_way)

        def copied(writing: Session) -> str:
            done = source.snapshot(lambda reading: copy._everything(reading, writing))
            assert done.rows == 7
            with pytest.raises(DBAPIError, match="lock timeout"):
                other.run(intrude)
            return "copied"

        def intrude(session: Session) -> None:
            session.execute(text("SET LOCAL lock_timeout = '200ms'"))
            session.execute(
                insert(ConversationRow).values(userid="x", state="", data={}, updated_at=NOW)
            )

        assert other.run(copied) == "copied"


# --- which database is meant


def test_one_database_under_two_names_is_the_same(database: Database, tmp_path: Path) -> None:
    with databases.fresh("postgresql", tmp_path) as other:
        assert not copy.same(database, other)
        again = Database(database.url)
        assert copy.same(database, again)
        again.close()


@pytest.mark.parametrize(
    ("spoil", "said", "kind"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "更新版本", ConfigError),
        ("DROP TABLE alembic_version", "别的程序", InputError),
    ],
    ids=["newer", "foreign"],
)
def test_a_database_of_something_else_is_refused(
    target: Database, spoil: str, said: str, kind: type[Exception]
) -> None:
    target.run(lambda session: session.execute(text(spoil)))
    with pytest.raises(kind, match=said):
        copy.prepare(target)
