"""Units and people, as the roster names them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.domain.people import Person, Role, Unit
from bot.storage.among import among
from bot.storage.base import Base
from bot.storage.statements import execute, table


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


_PEOPLE, _UNITS = table(PersonRow), table(UnitRow)
COLUMNS = (
    _PEOPLE.c.userid,
    _PEOPLE.c.name,
    _PEOPLE.c.role,
    _UNITS.c.id,
    _UNITS.c.name,
    _UNITS.c.category,
    _UNITS.c.parent,
)
"""What `person` reads, in the order in which it reads them."""
_ACTIVE = (
    select(*COLUMNS)
    .join(_UNITS, _UNITS.c.id == _PEOPLE.c.unit_id)
    .where(_PEOPLE.c.active)
    .order_by(_PEOPLE.c.id)
)
_BY_ACCOUNT = _ACTIVE.where(_PEOPLE.c.userid == bindparam("account"))
_BY_ACCOUNTS = _ACTIVE.where(among(_PEOPLE.c.userid, "accounts"))
_BY_ROLE = _ACTIVE.where(_PEOPLE.c.role.in_(bindparam("roles", expanding=True)))
_BY_ROLE_AND_UNIT = _BY_ROLE.where(_PEOPLE.c.unit_id.in_(bindparam("units", expanding=True)))


def person(row: Sequence[Any]) -> Person:
    """Return the person from the values of `COLUMNS`."""
    userid, name, role, unit_id, unit_name, category, parent = row
    return Person(userid, name, Role(role), Unit(unit_id, unit_name, category, parent))


def find(session: Session, userid: str) -> Person | None:
    """Return the person of that account, or None for a stranger."""
    row = execute(session, _BY_ACCOUNT, {"account": userid.lower()}).first()
    return None if row is None else person(row)


def of_accounts(session: Session, userids: Iterable[str]) -> dict[str, Person]:
    """Return those people, by account in lower case, who are on the roster."""
    found = execute(session, _BY_ACCOUNTS, {"accounts": [userid.lower() for userid in userids]})
    return {row[0]: person(row) for row in found}


def of_roles(session: Session, *roles: Role) -> list[Person]:
    """Return everyone who has one of these roles."""
    found = execute(session, _BY_ROLE, {"roles": [str(role) for role in roles]})
    return [person(row) for row in found]


def contacts_of(session: Session, unit_ids: list[int]) -> list[Person]:
    """Return the contacts (联络员) of these units."""
    found = execute(session, _BY_ROLE_AND_UNIT, {"roles": [str(Role.CONTACT)], "units": unit_ids})
    return [person(row) for row in found]


def contacts_by_unit(session: Session) -> dict[int, list[Person]]:
    """Return all contacts (联络员) by the id of their unit."""
    found: dict[int, list[Person]] = {}
    for row in execute(session, _BY_ROLE, {"roles": [str(Role.CONTACT)]}):
        one = person(row)
        if one.unit is not None:
            found.setdefault(one.unit.id, []).append(one)
    return found


def units(session: Session) -> list[Unit]:
    """Return all units in the order of the roster."""
    rows = session.execute(
        select(UnitRow.id, UnitRow.name, UnitRow.category, UnitRow.parent).order_by(UnitRow.id)
    )
    return [Unit(*row) for row in rows]


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


def named(session: Session, userids: Sequence[str]) -> dict[str, str]:
    """Return unit and name of these people, those who have left included."""
    rows = session.execute(
        select(PersonRow.userid, UnitRow.name, PersonRow.name)
        .join(UnitRow, UnitRow.id == PersonRow.unit_id)
        .where(PersonRow.userid.in_([userid.lower() for userid in userids]))
    )
    return {userid: f"{unit} {name}" for userid, unit, name in rows}
