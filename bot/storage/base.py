"""What all tables share: the declarative base and the column types."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Index, MetaData, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase

from bot.clock import SHANGHAI


class Moment(TypeDecorator[datetime]):
    """A moment with its zone: stored in UTC, read in the office's zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a moment without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a stored moment must carry its zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read in the office's zone."""
        if value is None:
            return None
        stored: datetime = value
        if stored.tzinfo is None:
            stored = stored.replace(tzinfo=UTC)
        return stored.astimezone(SHANGHAI)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Return an index of those rows only for which the condition holds.

    A query uses it when it contains the condition as it is written here.
    """
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
