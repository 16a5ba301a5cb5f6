"""Who has to do what until when. The document names none of it: all comes from the office."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """How a unit takes part in a task."""

    LEAD = "牵头"
    SUPPORT = "配合"
    OWN = "自报"
    """The unit reported on a point that the office has not assigned to it."""


class Standing(StrEnum):
    """What the office has decided on a unit's part."""

    OPEN = "open"
    RETURNED = "returned"
    CLOSED = "closed"


@dataclass(frozen=True)
class Assignment:
    """One unit's part in one task of one point."""

    id: int
    point: int
    task: str
    unit_id: int
    unit: str
    part: Part
    deadline: date | None
    standard: str
    standing: Standing
    reason: str = ""

    @property
    def official(self) -> bool:
        """Whether the office assigned it."""
        return self.part is not Part.OWN
