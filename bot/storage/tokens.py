"""The access token that all processes share, and the lease on refreshing it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment


class TokenRow(Base):
    """A token by the app it belongs to; `key` holds no secret."""

    __tablename__ = "tokens"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_holder: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None] = mapped_column(Moment)


def load(session: Session, key: str) -> tuple[str, datetime] | None:
    """Return the token and when it expires."""
    row = session.execute(
        select(TokenRow.value, TokenRow.expires_at).where(TokenRow.key == key)
    ).first()
    if row is None or not row[0] or row[1] is None:
        return None
    return row[0], row[1]


def try_lease(session: Session, key: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take the right to refresh for `holder`, unless somebody else has it at `now`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(TokenRow)
        .values(key=key, value="", lease_holder="")
        .on_conflict_do_nothing(index_elements=["key"])
    )
    taken = session.scalar(
        update(TokenRow)
        .where(
            TokenRow.key == key,
            (TokenRow.lease_until.is_(None))
            | (TokenRow.lease_until <= now)
            | (TokenRow.lease_holder == holder),
        )
        .values(lease_holder=holder, lease_until=until)
        .returning(TokenRow.key)
    )
    return taken is not None


def save(session: Session, key: str, value: str, expires_at: datetime) -> None:
    """Store a fresh token and give the lease back."""
    session.execute(
        update(TokenRow)
        .where(TokenRow.key == key)
        .values(value=value, expires_at=expires_at, lease_holder="", lease_until=None)
    )


def drop(session: Session, key: str, value: str) -> None:
    """Forget exactly this token; a newer one stays."""
    session.execute(
        update(TokenRow)
        .where(TokenRow.key == key, TokenRow.value == value)
        .values(value="", expires_at=None)
    )
