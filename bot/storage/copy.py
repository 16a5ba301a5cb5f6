"""All rows of a database into another, empty one, of whatever kind: proved equal, or nothing.

Everything is read as it is at one moment and written in one transaction, which reads it again
and compares before it commits. Rows of the outbox keep their state, their lease and the exact
request that may have gone out already: the new bot waits for the lease to end and then repeats
that request to the byte, as the old one would have done, so that WeCom drops what it knows.
"""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Table, inspect, text
from sqlalchemy.orm import Session

from bot.errors import InputError
from bot.storage import migrate, rows
from bot.storage.database import Database
from bot.storage.rows import Content, Row

_VERSION = "alembic_version"
_MARK = text(
    "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
)
"""What no two PostgreSQL databases share, whatever names lead to them."""


class Copied(NamedTuple):
    """What was brought over and found equal."""

    tables: int
    rows: int


def same(one: Database, other: Database) -> bool:
    """Whether two addresses lead to one database."""
    if one.embedded and other.embedded:
        return _file(one) == _file(other)
    return one.embedded == other.embedded and _mark(one) == _mark(other)


def prepare(target: Database) -> None:
    """Create the schema; InputError for a database that something else lives in."""
    with target.engine.connect().execution_options(reading=True) as connection:
        names = inspect(connection).get_table_names()
    if names and _VERSION not in names:
        raise InputError("目标数据库里有别的程序的表，请换一个空的数据库。")
    migrate.upgrade(target)


def everything(source: Database, target: Database) -> Copied:
    """Copy all rows; InputError, and nothing copied, unless the target was empty and is equal."""
    return source.snapshot(
        lambda reading: target.run(lambda writing: _everything(reading, writing))
    )


def _everything(reading: Session, writing: Session) -> Copied:
    rows.keep_others_out(writing)
    if rows.anywhere(writing):
        raise InputError("目标数据库里已经有内容，只能复制到空的数据库里；没有改动任何内容。")
    contents = [_one_table(reading, writing, table) for table in rows.tables()]
    return Copied(len(contents), sum(content.rows for content in contents))


def _one_table(reading: Session, writing: Session, table: Table) -> Content:
    read = Content()
    piece: list[Row] = []
    for row in rows.of(reading, table):
        read = read.and_(row)
        piece.append(row)
        if len(piece) >= rows.PIECE:
            rows.put(writing, table, piece)
            piece = []
    if piece:
        rows.put(writing, table, piece)
    rows.continue_numbering(writing, table)
    if rows.content(writing, table) != read:
        raise InputError(f"核对时发现表 {table.name} 前后不一致，没有复制任何内容，请重试。")
    return read


def _file(database: Database) -> Path:
    return Path(str(database.engine.url.database)).resolve()


def _mark(database: Database) -> tuple[object, ...]:
    return database.read(lambda session: tuple(session.execute(_MARK).one()))
