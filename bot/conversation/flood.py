"""Who sends more than anybody types is answered without the database being asked or written.

The limit itself stands in the database (`middleware`), for all processes together. This guard
keeps each process from storing what would be refused there anyway: a flood costs no row, no
commit and no push, and nobody else waits for it.
"""

import threading
from collections import deque
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.middleware import MOST_PER_MINUTE

WINDOW = timedelta(minutes=1)
_LET_IN = {Kind.CAME, Kind.LEFT, Kind.ALARM}
"""What WeCom itself says; it is never refused."""


class Flood:
    """The messages that each person sent within the last minute; shared by threads.

    It forgets after a minute and counts nothing beyond the limit, so it stays small.
    """

    def __init__(self, clock: Clock, most: int = MOST_PER_MINUTE) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._times: deque[tuple[datetime, str, str]] = deque()
        self._keys: dict[str, set[str]] = {}

    def refuses(self, incoming: Incoming) -> bool:
        """Whether it is one message too many; a redelivery of one that was let in is not."""
        if incoming.kind in _LET_IN or incoming.userid == "sys":
            return False
        with self._lock:
            now = self._clock.now()
            self._forget(now)
            keys = self._keys.setdefault(incoming.userid, set())
            if incoming.key in keys:
                return False
            if len(keys) >= self._most:
                return True
            keys.add(incoming.key)
            self._times.append((now, incoming.userid, incoming.key))
            return False

    def _forget(self, now: datetime) -> None:
        while self._times and self._times[0][0] <= now - WINDOW:
            _, person, key = self._times.popleft()
            keys = self._keys[person]
            keys.discard(key)
            if not keys:
                del self._keys[person]
