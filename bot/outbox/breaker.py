"""When every call would fail alike, nothing is sent: neither attempts nor quota are wasted."""

import threading
from datetime import datetime, timedelta

from bot.outbox.retry import Halt


class Breaker:
    """Holds all messages back until a moment of the machine's time; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: datetime | None = None
        self._failures = 0
        self._reason = ""

    def is_open(self, now: datetime) -> bool:
        """Whether everything waits."""
        with self._lock:
            return self._until is not None and now < self._until

    @property
    def failing(self) -> bool:
        """Whether the last call failed: the next one goes alone, as a probe."""
        with self._lock:
            return self._failures > 0

    @property
    def reason(self) -> str:
        """Why everything waits or lately waited, for the office; empty when all is well."""
        with self._lock:
            return self._reason if self._until is not None else ""

    def failed(self, halt: Halt, reason: str, now: datetime) -> None:
        """Count a failure in a row, and open when it is one too many."""
        with self._lock:
            if self._until is not None and now < self._until:
                return  # calls that were under way together count as one
            self._failures += 1
            if self._failures < halt.after:
                return
            self._until = now + _nth(halt.waits, self._failures - halt.after)
            self._reason = reason

    def worked(self) -> None:
        """Forget the failures: WeCom took a message."""
        with self._lock:
            self._failures, self._until, self._reason = 0, None, ""


def _nth(waits: tuple[timedelta, ...], index: int) -> timedelta:
    return waits[min(index, len(waits) - 1)]
