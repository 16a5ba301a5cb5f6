"""Access tokens: issued for the app's secret, two hours long [O 91039]."""

import secrets
import threading
from datetime import datetime, timedelta

from simulator.clock import Clock
from simulator.corp import Corp
from simulator.errcodes import WecomError

LIFE = timedelta(seconds=7200)
WRONG_SECRETS = 5
"""After so many wrong secrets in an hour the caller is banned for an hour [45009 help].

WeCom does not publish its number; the reason for a circuit breaker stays the same.
"""
BAN = timedelta(hours=1)


class Tokens:
    """Every token that was issued, and the memory of wrong secrets."""

    def __init__(self, corp: Corp, clock: Clock) -> None:
        self._corp = corp
        self._clock = clock
        self._lock = threading.Lock()
        self._expiry: dict[str, datetime] = {}
        self._wrong: list[datetime] = []

    def issue(self, corp_id: str, secret: str) -> str:
        """Return a usable token; the same one while it lives."""
        with self._lock:
            now = self._clock.now()
            self._refuse(corp_id, secret, now)
            usable = [token for token, expiry in self._expiry.items() if now < expiry <= now + LIFE]
            token = usable[-1] if usable else secrets.token_urlsafe(96)
            self._expiry.setdefault(token, now + LIFE)
            return token

    def check(self, token: str) -> None:
        """Raise WecomError when the token is missing, unknown or expired."""
        if not token:
            raise WecomError(41001)
        with self._lock:
            expiry = self._expiry.get(token)
        if expiry is None:
            raise WecomError(40014)
        if self._clock.now() >= expiry:
            raise WecomError(42001)

    def expire_all(self) -> None:
        """Let every token die before its time, as WeCom may."""
        with self._lock:
            now = self._clock.now()
            self._expiry = dict.fromkeys(self._expiry, now)

    def _refuse(self, corp_id: str, secret: str, now: datetime) -> None:
        self._wrong = [at for at in self._wrong if now - BAN < at <= now]
        if len(self._wrong) >= WRONG_SECRETS:
            raise WecomError(45009)
        if corp_id != self._corp.corp_id:
            raise WecomError(40013)
        if not secret:
            raise WecomError(41004)
        if not secrets.compare_digest(secret.encode(), self._corp.secret.encode()):
            self._wrong.append(now)
            raise WecomError(40001)
