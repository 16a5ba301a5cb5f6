"""What a question can ask for without search, as types."""

from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What the plan's document says of itself; the values are the labels of its passages."""

    NUMBER = "文号"
    DATE = "发文日期"
    ISSUER = "发文机关"
    COUNT = "条数"
    SECTIONS = "部分"
    TITLE = "标题"


class Asked(StrEnum):
    """Which half of an assignment is asked for."""

    WHO = "who"
    WHEN = "when"


@dataclass(frozen=True)
class ByNumber:
    """The points of these numbers; numbers outside the plan are kept."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class ByArticle:
    """第N条 of a law. `title` is None when no document here is meant by `named`."""

    title: str | None
    named: str
    number: int


@dataclass(frozen=True)
class BySection:
    """A section of the plan; its number may lie outside the plan."""

    number: int


@dataclass(frozen=True)
class ByFact:
    """A fact of the plan's document."""

    fact: Fact


@dataclass(frozen=True)
class Responsibility:
    """Who is responsible, or until when: the document is silent, the office's assignments know.

    `points` is empty until the points are found; `rest` is the question without those words.
    """

    asked: Asked
    points: tuple[int, ...]
    rest: str


Request = ByNumber | ByArticle | BySection | ByFact | Responsibility
