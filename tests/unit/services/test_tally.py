"""Counting rows for /metrics: few each time, many now and then."""

from dataclasses import dataclass, field
from typing import cast

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.services.tally import FEW, SHARE, Tally

SESSION = cast("Session", None)


@dataclass
class Rows:
    """A table in which counting takes a tenth of a second."""

    sent: int
    queued: int = 0
    passed: float = 100.0
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.clock.monotonic = lambda: self.passed  # type: ignore[method-assign]

    def count(self, _session: Session) -> dict[str, int]:
        self.passed += 0.1
        return {"sent": self.sent, "queued": self.queued}

    def live(self, _session: Session) -> dict[str, int]:
        return {"queued": self.queued}


def test_few_rows_are_counted_each_time() -> None:
    rows = Rows(sent=3)
    tally = Tally(rows.clock, rows.count, rows.live)
    assert tally.get(SESSION) == {"sent": 3, "queued": 0}
    rows.sent = 4
    assert tally.get(SESSION) == {"sent": 4, "queued": 0}


def test_many_rows_are_counted_now_and_then_and_what_waits_each_time() -> None:
    rows = Rows(sent=FEW)
    tally = Tally(rows.clock, rows.count, rows.live)
    tally.get(SESSION)
    rows.sent, rows.queued = FEW + 5, 7
    rows.passed += 0.1 * SHARE - 0.2
    assert tally.get(SESSION) == {"sent": FEW, "queued": 7}
    rows.passed += 0.2
    assert tally.get(SESSION) == {"sent": FEW + 5, "queued": 7}
