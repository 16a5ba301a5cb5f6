"""The audit trail: who did what, when and why. Rows are added, never changed or removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment
from bot.storage.statements import LateRow, table


class AuditRow(Base):
    """One act. The database itself refuses to change or delete it (see migrations)."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


_NEW = LateRow(table(AuditRow))


def add(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Record one act."""
    values = {
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject,
        "reason": reason,
        "detail": detail or {},
    }
    _NEW.add(session, values)


def acted_after(
    session: Session, at: datetime, verbs: str, *, actor: str = "", subject: str = ""
) -> bool:
    """Whether anything of that kind (`report.` …) was done after a moment, by or to somebody."""
    query = select(AuditRow.id).where(AuditRow.at > at, AuditRow.action.startswith(verbs))
    if actor:
        query = query.where(AuditRow.actor == actor)
    if subject:
        query = query.where(AuditRow.subject == subject)
    return session.scalar(query.limit(1)) is not None


def of_subject(session: Session, subject: str) -> list[AuditRow]:
    """Return all acts on one thing, the oldest first."""
    return list(
        session.scalars(select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id))
    )
