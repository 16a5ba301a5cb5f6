"""Policy documents and their passages."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, Moment


class DocumentRow(Base):
    """One version of a document. `version` is its date as text, empty where none is known."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("title", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    version: Mapped[str]
    dated: Mapped[date | None]
    digest: Mapped[str]
    source: Mapped[str]
    imported_at: Mapped[datetime] = mapped_column(Moment)


class PassageRow(Base):
    """One citable passage, usually one article (条)."""

    __tablename__ = "passages"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    key: Mapped[str]
    document: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str]
    number: Mapped[int | None]
    path: Mapped[str]
    text: Mapped[str]


def find(session: Session, title: str, version: str) -> DocumentRow | None:
    """Return that version of that document."""
    return session.scalar(
        select(DocumentRow).where(DocumentRow.title == title, DocumentRow.version == version)
    )


def documents(session: Session) -> list[DocumentRow]:
    """Return all documents in the order of their first import."""
    return list(session.scalars(select(DocumentRow).order_by(DocumentRow.id)))


def add(session: Session, row: DocumentRow) -> int:
    """Store a new document and return its id."""
    session.add(row)
    session.flush()
    return row.id


def replace_passages(session: Session, document_id: int, passages: list[dict[str, Any]]) -> None:
    """Let these be all passages of that document."""
    session.execute(delete(PassageRow).where(PassageRow.document_id == document_id))
    if passages:
        session.execute(
            insert(PassageRow), [{**passage, "document_id": document_id} for passage in passages]
        )


def passages(session: Session) -> list[PassageRow]:
    """Return all passages in the order of their documents."""
    return list(session.scalars(select(PassageRow).order_by(PassageRow.document_id, PassageRow.id)))
