"""What a unit reports on a task, and the light that follows from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.assignments import Standing


class Status(StrEnum):
    """Where a task stands, as a careful clerk would book it (contract.md, `understand`)."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    BLOCKED = "blocked"


class Light(StrEnum):
    """How a task looks to the office. Each light has one reason, computed, never stored."""

    CLOSED = "closed"
    RETURNED = "returned"
    DONE = "done"
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


@dataclass(frozen=True)
class Money:
    """Money in 分. `approximate` keeps a stated 余 or 约."""

    fen: int
    what: str = ""
    approximate: bool = False


@dataclass(frozen=True)
class Count:
    """A counted thing: `走访部队5个` is (5, "个", "走访部队")."""

    value: float
    unit: str
    what: str = ""
    approximate: bool = False


@dataclass(frozen=True)
class Figures:
    """The numbers of a report."""

    money: tuple[Money, ...] = ()
    counts: tuple[Count, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.money or self.counts)

    def corrected_by(self, other: "Figures") -> "Figures":
        """Return these figures with those of `other` in place of the ones on the same thing."""
        money_about = {entry.what for entry in other.money}
        counted = {(entry.what, entry.unit) for entry in other.counts}
        return Figures(
            money=tuple(old for old in self.money if old.what not in money_about) + other.money,
            counts=tuple(old for old in self.counts if (old.what, old.unit) not in counted)
            + other.counts,
        )


@dataclass(frozen=True)
class Report:
    """One report of one unit on its part in one task."""

    id: int
    assignment_id: int
    userid: str
    reporter: str
    text: str
    status: Status
    percent: int | None
    completion: date | None
    figures: Figures
    difficulty: str
    reported_at: datetime
    late: bool = False


NEAR = timedelta(days=3)
"""How long before its deadline an unreported task turns yellow (practice.md C2)."""


def light(
    *, standing: Standing, status: Status | None, deadline: date | None, today: date
) -> tuple[Light, str]:
    """Return the light of one task and the reason for it, in one short Chinese phrase."""
    if standing is Standing.CLOSED:
        return Light.CLOSED, "已销号"
    if standing is Standing.RETURNED:
        return Light.RETURNED, "已退回，待重报"
    if status is Status.DONE:
        return Light.DONE, "待销号"
    if deadline is not None and today > deadline:
        return Light.RED, f"已逾期 {(today - deadline).days} 天"
    return _under_way(status, deadline, today)


def _under_way(status: Status | None, deadline: date | None, today: date) -> tuple[Light, str]:
    if status is Status.BLOCKED:
        return Light.YELLOW, "遇到困难"
    if deadline is not None and deadline - today <= NEAR:
        days = (deadline - today).days
        return Light.YELLOW, "今天到期" if days == 0 else f"还有 {days} 天到期"
    if status is None:
        return Light.GREEN, "尚未填报"
    return Light.GREEN, "按计划推进"
