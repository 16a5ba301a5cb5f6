"""The schema: migrations make what the program expects, however often and by however many."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.storage import audit, migrate
from bot.storage.database import Database
from bot.storage.tables import METADATA
from tests.support import databases
from tests.support.process import wait_for
from tests.support.use_cases import NOW


@pytest.fixture(params=databases.KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    url = databases.empty_postgresql_url()
    yield url
    databases.drop(url)


def migrated(url: str) -> Database:
    database = Database(url)
    migrate.upgrade(database)
    return database


def test_the_migrations_make_exactly_what_the_program_expects(database: Database) -> None:
    with database.engine.connect().execution_options(reading=True) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_a_new_database_is_brought_up_to_date_and_keeps_what_it_holds(empty: str) -> None:
    database = Database(empty)
    assert not migrate.current(database)
    migrate.upgrade(database)
    assert migrate.current(database)
    database.run(lambda session: audit.add(session, at=NOW, actor="a", action="b", subject="kept"))
    migrate.upgrade(database)
    assert migrate.current(database)
    assert len(database.read(lambda session: audit.of_subject(session, "kept"))) == 1
    database.close()


def test_several_at_once_make_one_schema(empty: str) -> None:
    barrier = threading.Barrier(4)

    def upgrade(_number: int) -> bool:
        database = Database(empty)
        barrier.wait(timeout=20)
        migrate.upgrade(database)
        ready = migrate.current(database)
        database.close()
        return ready

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(upgrade, range(4))) == [True] * 4


def test_a_migration_waits_for_another_one_as_long_as_it_takes() -> None:
    """A call gives up a lock after seconds, `init` does not."""
    impatient = f"{databases.empty_postgresql_url()}&options=-c%20lock_timeout%3D1ms"
    with closing(Database(impatient)) as first, closing(Database(impatient)) as second:
        with ThreadPoolExecutor(1) as pool:
            with first.engine.begin() as connection:
                connection.execute(select(func.pg_advisory_xact_lock(migrate.LOCK)))
                done = pool.submit(migrate.upgrade, second)
                wait_for(lambda: done.done() or first.read(somebody_waits))
            done.result(timeout=20)
        assert migrate.current(second)
    databases.drop(impatient)


def somebody_waits(session: Session) -> bool:
    locks = text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return session.scalar(locks) is not None


def test_a_schema_of_another_program_is_not_taken_for_ours(empty: str) -> None:
    database = migrated(empty)
    database.run(
        lambda session: session.execute(text("UPDATE alembic_version SET version_num='9'"))
    )
    assert not migrate.current(database)
    database.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    database = Database(empty)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE units (id INTEGER)"))
    with pytest.raises(Exception, match="units"):
        migrate.upgrade(database)
    with database.engine.connect().execution_options(reading=True) as connection:
        names = set(MigrationContext.configure(connection).get_current_heads())
        assert names == set()
        assert database.engine.dialect.get_table_names(connection) == ["units"]
    database.close()
