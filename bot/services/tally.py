"""Numbers of rows by state that are cheap to ask for, however many rows there are."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.clock import Clock

FEW = 20_000
"""So many rows are counted each time."""
SHARE = 1000
"""Many rows are counted again after so many times what counting them took."""


@dataclass
class Tally:
    """Counts all rows with `count`, which reads them all; shared by threads.

    Where they are many, at most a thousandth of the time goes into it; `live`, which reads only
    what is not over, is asked each time and overrules.
    """

    clock: Clock
    count: Callable[[Session], dict[str, int]]
    live: Callable[[Session], dict[str, int]] = field(default=lambda _session: {})
    _kept: dict[str, int] = field(default_factory=dict)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, session: Session) -> dict[str, int]:
        """Return the numbers by state."""
        with self._lock:
            began = self.clock.monotonic()
            if sum(self._kept.values()) < FEW or began >= self._until:
                self._kept = self.count(session)
                self._until = began + SHARE * (self.clock.monotonic() - began)
                return self._kept
            return self._kept | self.live(session)
