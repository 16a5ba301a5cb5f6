"""Who may do what. Roles are the four that the roster knows, and the stranger."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A person's part; the values are what the roster file says (contract.md section 2)."""

    CONTACT = "联络员"
    REVIEWER = "审核员"
    OFFICE = "双拥办"
    LEADER = "领导"
    STRANGER = "未登记"


@dataclass(frozen=True)
class Unit:
    """A member unit (成员单位) or county (县市区). `parent` is the unit it belongs to."""

    id: int
    name: str
    category: str
    parent: str | None = None


@dataclass(frozen=True)
class Person:
    """Someone who writes to the bot. A stranger has no unit and only asks."""

    userid: str
    name: str
    role: Role
    unit: Unit | None = None

    @property
    def known(self) -> bool:
        """Whether the roster names this person."""
        return self.role is not Role.STRANGER


EVERYONE = frozenset(Role)
ROSTER = EVERYONE - {Role.STRANGER}
REVIEWERS = frozenset({Role.OFFICE, Role.REVIEWER})
REPORTERS = REVIEWERS | {Role.CONTACT}
OVERSEERS = REVIEWERS | {Role.LEADER}
