"""The people of the company, and the departments they belong to."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = 1
"""WeCom's root department always has the id 1."""


class RosterError(Exception):
    """The roster cannot be read; the message is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the company. A stranger (路人) is a member whom the roster doesn't name."""

    userid: str
    name: str
    unit: str
    role: str


STRANGER = Person(userid="luren", name="路人", unit="未登记人员", role="未登记")
_COLUMNS = ("单位", "姓名", "企业微信账号", "角色")


def read_roster(path: Path) -> tuple[Person, ...]:
    """Return the people of a roster file (contract.md, `import roster`) and one stranger."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError):
        raise RosterError(f"读不了名册 {path}，请检查文件是否存在、是否为 UTF-8 文本。") from None
    if not rows or not set(_COLUMNS) <= set(rows[0]):
        raise RosterError(f"名册 {path} 缺少列：应有 {'、'.join(_COLUMNS)}。")
    people = (_person(row) for row in rows)
    return (*(person for person in people if person.userid), STRANGER)


def _person(row: dict[str, str | None]) -> Person:
    unit, name, userid, role = ((row[column] or "").strip() for column in _COLUMNS)
    return Person(userid=userid, name=name, unit=unit, role=role)


class Members:
    """Everyone in the app's visible range. Accounts are compared without case."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._people: dict[str, Person] = {}
        self._departments: dict[str, int] = {}
        self.unlicensed: set[str] = set()
        """Lower-case accounts without 基础接口许可: in range, but messages are not delivered."""
        self.add(*people)

    def add(self, *people: Person) -> None:
        """Take people into the visible range."""
        for person in people:
            self._people[person.userid.lower()] = person
            self._departments.setdefault(person.unit, ROOT + 1 + len(self._departments))

    def remove(self, userid: str) -> None:
        """Take someone out of the visible range."""
        self._people.pop(userid.lower(), None)

    def find(self, userid: str) -> Person | None:
        """Return the member of that account, or None."""
        return self._people.get(userid.lower())

    def all(self) -> tuple[Person, ...]:
        """Return everyone in the order they came."""
        return tuple(self._people.values())

    def departments(self) -> dict[str, int]:
        """Return the id of each department (unit) below the root."""
        return dict(self._departments)

    def department(self, person: Person) -> int:
        """Return the id of the person's department."""
        return self._departments[person.unit]

    def of_department(self, number: int) -> tuple[Person, ...]:
        """Return a department's members; the root has everyone."""
        everyone = self.all()
        if number == ROOT:
            return everyone
        return tuple(person for person in everyone if self.department(person) == number)
