"""Units and people, as the roster names them."""

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.people import Person, Role, Unit
from bot.storage.base import Base


class UnitRow(Base):
    """A member unit or county."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    parent: Mapped[str | None]


class PersonRow(Base):
    """A person; `userid` is lower case, since WeCom compares accounts without case."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    userid: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)


def _people() -> Select[str, str, str, int, str, str, str | None]:
    return (
        select(
            PersonRow.userid,
            PersonRow.name,
            PersonRow.role,
            UnitRow.id,
            UnitRow.name,
            UnitRow.category,
            UnitRow.parent,
        )
        .join(UnitRow, UnitRow.id == PersonRow.unit_id)
        .where(PersonRow.active)
        .order_by(PersonRow.id)
    )


def _person(row: tuple[str, str, str, int, str, str, str | None]) -> Person:
    userid, name, role, unit_id, unit_name, category, parent = row
    return Person(userid, name, Role(role), Unit(unit_id, unit_name, category, parent))


def find(session: Session, userid: str) -> Person | None:
    """Return the person of that account, or None for a stranger."""
    row = session.execute(_people().where(PersonRow.userid == userid.lower())).first()
    return None if row is None else _person(row)


def of_roles(session: Session, *roles: Role) -> list[Person]:
    """Return everyone who has one of these roles."""
    found = session.execute(_people().where(PersonRow.role.in_([str(role) for role in roles])))
    return [_person(row) for row in found]


def contacts_of(session: Session, unit_ids: list[int]) -> list[Person]:
    """Return the contacts (联络员) of these units."""
    wanted = _people().where(
        PersonRow.role == str(Role.CONTACT), PersonRow.unit_id.in_(unit_ids or [-1])
    )
    return [_person(row) for row in session.execute(wanted)]


def units(session: Session) -> list[Unit]:
    """Return all units in the order of the roster."""
    rows = session.execute(
        select(UnitRow.id, UnitRow.name, UnitRow.category, UnitRow.parent).order_by(UnitRow.id)
    )
    return [Unit(*row) for row in rows]


def unit_named(session: Session, name: str) -> Unit | None:
    """Return the unit of exactly that name."""
    row = session.execute(
        select(UnitRow.id, UnitRow.name, UnitRow.category, UnitRow.parent).where(
            UnitRow.name == name
        )
    ).first()
    return None if row is None else Unit(*row)


def save_unit(session: Session, name: str, category: str, parent: str | None) -> bool:
    """Add or correct a unit; return whether anything changed."""
    row = session.scalar(select(UnitRow).where(UnitRow.name == name))
    if row is None:
        session.add(UnitRow(name=name, category=category, parent=parent))
        session.flush()
        return True
    changed = (row.category, row.parent) != (category, parent)
    row.category, row.parent = category, parent
    return changed


def save_person(session: Session, userid: str, name: str, unit: Unit, role: Role) -> bool:
    """Add or correct a person; return whether anything changed."""
    row = session.scalar(select(PersonRow).where(PersonRow.userid == userid.lower()))
    if row is None:
        session.add(
            PersonRow(
                userid=userid.lower(), name=name, unit_id=unit.id, role=str(role), active=True
            )
        )
        return True
    before = (row.name, row.unit_id, row.role, row.active)
    row.name, row.unit_id, row.role, row.active = name, unit.id, str(role), True
    return before != (name, unit.id, str(role), True)


def set_active(session: Session, userid: str, *, active: bool) -> bool:
    """Mark a person as present or gone; return whether anything changed."""
    row = session.scalar(select(PersonRow).where(PersonRow.userid == userid.lower()))
    if row is None or row.active is active:
        return False
    row.active = active
    return True
