"""At most 20 messages a minute to one person.

WeCom drops silently what goes above 30 a minute for one member and still answers errcode 0
(official page 90454); the rest of the room is for passive replies and for other processes.
"""

import threading
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

LIMIT = 20
WINDOW = timedelta(minutes=1)


class Throttle:
    """A sliding window over what this process sent; shared by threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._times: deque[tuple[datetime, str, int]] = deque()
        self._used: Counter[str] = Counter()

    def admit(
        self, wanted: Sequence[tuple[str, int]], recorded: Mapping[str, int], now: datetime
    ) -> list[bool]:
        """Take room for each `(person, number of messages)` in turn, or say that it must wait.

        `recorded` is what the outbox, with its other processes, sent in the last minute; `now` is
        the machine's time. After one refusal a person's later messages wait too, to keep order.
        A message in more parts than a minute allows goes when nothing else went.
        """
        with self._lock:
            self._forget(now)
            elsewhere = {
                person.lower(): max(0, number - self._used[person.lower()])
                for person, number in recorded.items()
            }
            refused: set[str] = set()
            return [self._take(person.lower(), number, elsewhere, refused, now)
                    for person, number in wanted]  # fmt: skip

    def _take(
        self,
        person: str,
        number: int,
        elsewhere: Mapping[str, int],
        refused: set[str],
        now: datetime,
    ) -> bool:
        used = self._used[person] + elsewhere.get(person, 0)
        if person in refused or (used and used + number > self._limit):
            refused.add(person)
            return False
        self._used[person] += number
        self._times.append((now, person, number))
        return True

    def _forget(self, now: datetime) -> None:
        while self._times and self._times[0][0] <= now - WINDOW:
            _, person, number = self._times.popleft()
            self._used[person] -= number
            if not self._used[person]:
                del self._used[person]
