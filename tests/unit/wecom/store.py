"""A TokenStore in memory: what several processes would share."""

import threading
from datetime import datetime

from bot.wecom.tokens import Token


class MemoryStore:
    """Tokens and leases under one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[str, Token] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}

    def load(self, key: str) -> Token | None:
        with self._lock:
            return self._tokens.get(key)

    def try_lease(self, key: str, holder: str, now: datetime, until: datetime) -> bool:
        with self._lock:
            lease = self._leases.get(key)
            if lease and lease[0] != holder and lease[1] > now:
                return False
            self._leases[key] = (holder, until)
            return True

    def save(self, key: str, token: Token) -> None:
        with self._lock:
            self._tokens[key] = token
            self._leases.pop(key, None)

    def drop(self, key: str, value: str) -> None:
        with self._lock:
            if key in self._tokens and self._tokens[key].value == value:
                del self._tokens[key]
