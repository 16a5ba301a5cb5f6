"""What WeCom does without saying so: identical requests and floods are not delivered."""

import hashlib
import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import Clock

PER_MINUTE = 30
PER_HOUR = 1000
"""Messages of one app to one member; the excess is dropped with errcode 0 [O 90312]."""


class Duplicates:
    """The memory behind enable_duplicate_check: identical request JSON inside the interval."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: dict[bytes, tuple[datetime, dict[str, Any]]] = {}
        self.suppressed = 0

    def find(self, body: bytes, interval: timedelta) -> dict[str, Any] | None:
        """Return the first answer to the same body when it came inside `interval`."""
        key = hashlib.sha256(body).digest()
        with self._lock:
            at, answer = self._answers.get(key, (None, None))
            if at is None or not timedelta(0) <= self._clock.now() - at < interval:
                return None
            self.suppressed += 1
            return answer

    def remember(self, body: bytes, answer: dict[str, Any]) -> None:
        """Keep the answer to a body that was delivered."""
        with self._lock:
            self._answers[hashlib.sha256(body).digest()] = (self._clock.now(), answer)


class _Window:
    """Counts per member in one window; the counts of the window before are forgotten at once."""

    def __init__(self, pattern: str, limit: int) -> None:
        self._pattern = pattern
        self._limit = limit
        self._window = ""
        self._counts: Counter[str] = Counter()

    def admitted(self, userids: list[str], now: datetime) -> list[str]:
        window = now.strftime(self._pattern)
        if window != self._window:
            self._window = window
            self._counts.clear()
        counts, limit = self._counts, self._limit
        counts.update(userids)
        return [userid for userid in userids if counts[userid] <= limit]


class MemberRate:
    """The silent limit on what one member gets from the app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows = (
            _Window("%Y%m%d%H%M", PER_MINUTE),
            _Window("%Y%m%d%H", PER_HOUR),
        )
        self.dropped: Counter[str] = Counter()
        """How many messages each account did not get."""

    def admitted(self, userids: list[str]) -> list[str]:
        """Return those who get one more message now; count the others as dropped."""
        now = self._clock.now()
        with self._lock:
            admitted = userids
            for window in self._windows:
                admitted = window.admitted(admitted, now)
            if len(admitted) < len(userids):
                self.dropped.update(set(userids) - set(admitted))
            return admitted
