"""A yearly work plan (工作要点): sections and numbered points, as the document states them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class WorkPoint:
    """One numbered point (第N条). `text` is byte-exact apart from joined lines."""

    number: int
    section: int
    text: str

    @property
    def label(self) -> str:
        """The name by which an answer cites this point."""
        return label(self.number)


@dataclass(frozen=True)
class Section:
    """One of the plan's parts (一、二、…)."""

    number: int
    title: str


@dataclass(frozen=True)
class WorkPlan:
    """The whole document. `number` is its 文号; `year` comes from its title."""

    title: str
    number: str
    year: int
    issued_on: date
    issuer: str
    preamble: str
    sections: tuple[Section, ...]
    points: tuple[WorkPoint, ...]

    def point(self, number: int) -> WorkPoint | None:
        """Return the point of that number, or None when the plan has none."""
        return next((point for point in self.points if point.number == number), None)


def label(number: int) -> str:
    """Return `第N条`, the form in which points are cited everywhere."""
    return f"第{number}条"
