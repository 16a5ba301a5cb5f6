"""The app's access token: fetched once, shared by all threads and processes.

WeCom issues one token for about two hours and asks that it be kept. It is refreshed after 80 %
of its life by whoever holds the lease; the others go on with the old one meanwhile. All moments
are the machine's, also during rehearsals: give it an unshifted clock.
"""

import hashlib
import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.faultpoints import reached
from bot.log import keep_out
from bot.wecom.breaker import Breaker, Trouble
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import CallFailed, SendFailed

_log = logging.getLogger(__name__)
_LEASE = timedelta(seconds=15)  # longer than one fetch can take: connect 3 s and read 10 s
_POLL = 0.05  # seconds between looks at the store while another process fetches
_POLLS = 300  # so 15 s in all, until the other's lease has run out
_REFRESH_AFTER = 0.8  # of what is left of its life when it is first seen


@dataclass(frozen=True)
class Token:
    """An access token and the moment it dies, in whole seconds."""

    value: str = field(repr=False)
    expires_at: datetime

    def __post_init__(self) -> None:
        keep_out(self.value)


class TokenStore(Protocol):
    """Where processes share tokens; every method is one short transaction of its own."""

    def load(self, key: str) -> Token | None:
        """Return what was saved last and not dropped, expired or not."""
        ...

    def try_lease(self, key: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the right to refresh, unless another holder's lease runs at `now`."""
        ...

    def save(self, key: str, token: Token) -> None:
        """Keep `token` for everyone, and end the lease."""
        ...

    def drop(self, key: str, value: str) -> None:
        """Forget exactly this token; a newer one stays."""
        ...


def token_key(corp_id: str, agent_id: int, secret: str) -> str:
    """Return the name of an app's token; a new secret is another token, and none is shown."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return f"{corp_id}:{agent_id}:{digest[:8]}"


@dataclass(frozen=True)
class _Held:
    token: Token
    refresh_at: datetime


class TokenSource:
    """Hands out a token that works; `fetch` asks WeCom for a new one and raises CallFailed.

    `wait` pauses between looks at the store, in seconds.
    """

    def __init__(
        self,
        key: str,
        store: TokenStore,
        clock: Clock,
        fetch: Callable[[], Token],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._key = key
        self._store = store
        self._clock = clock
        self._fetch = fetch
        self._wait = wait
        self._holder = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._breaker = Breaker()

    @property
    def trouble(self) -> Trouble | None:
        """Why no token can be had at present, for the health page; None if all is well."""
        return self._breaker.trouble

    def get(self) -> str:
        """Return a token; raises SendFailed if none can be had (nothing was sent then)."""
        held, now = self._held, self._clock.now()
        if held and now < held.refresh_at:
            return held.token.value
        if held and now < held.token.expires_at:
            return self._refreshed_in_passing(held)
        with self._lock:
            return self._stored_or_fetched()

    def invalidate(self, value: str) -> None:
        """Forget `value`, which WeCom has refused; does nothing if a newer one is there."""
        held = self._held
        if held and held.token.value == value:
            self._held = None
        self._store.drop(self._key, value)

    def _refreshed_in_passing(self, held: _Held) -> str:
        """One thread renews early; the others, and any failure, leave the old one in use."""
        if not self._lock.acquire(blocking=False):
            return held.token.value
        try:
            return self._renewed_early()
        except CallFailed:
            return held.token.value
        finally:
            self._lock.release()

    def _renewed_early(self) -> str:
        now = self._clock.now()
        stored = self._load(now)
        if stored is None:
            return self._stored_or_fetched()
        self._breaker.check(now)
        if now < stored.refresh_at or not self._leased(now):
            return stored.token.value
        return self._fetched()

    def _stored_or_fetched(self) -> str:
        for _ in range(_POLLS):
            now = self._clock.now()
            held = self._load(now)
            if held:
                return held.token.value
            self._breaker.check(now)
            if self._leased(now):
                return self._fetched()
            self._wait(_POLL)
        raise SendFailed(Outcome.TRANSIENT, None, "another process holds the token lease")

    def _load(self, now: datetime) -> _Held | None:
        """Take over what is stored; the refresh moment counts from when it is first seen."""
        token = self._store.load(self._key)
        if token is None or token.expires_at <= now:
            self._held = None
        elif self._held is None or self._held.token != token:
            self._held = _hold(token, now)
        return self._held

    def _leased(self, now: datetime) -> bool:
        return self._store.try_lease(self._key, self._holder, now, now + _LEASE)

    def _fetched(self) -> str:
        reached("token.leased")
        try:
            token = self._fetch()
        except CallFailed as failure:
            self._breaker.failed(failure, self._clock.now())
            _log.warning("no access token: errcode %s %s", failure.errcode, failure.errmsg)
            raise
        reached("token.fetched")
        self._breaker.succeeded()
        self._held = _hold(token, self._clock.now())
        self._store.save(self._key, token)
        _log.info("new access token until %s", token.expires_at)
        return token.value


def _hold(token: Token, now: datetime) -> _Held:
    return _Held(token, now + (token.expires_at - now) * _REFRESH_AFTER)
