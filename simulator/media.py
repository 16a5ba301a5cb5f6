"""Temporary media (临时素材): uploaded bytes that live three days [O 90253]."""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.clock import Clock
from simulator.errcodes import WecomError

LIFE = timedelta(days=3)
_MEGABYTE = 1 << 20
_LIMITS = {
    "image": 10 * _MEGABYTE,
    "voice": 2 * _MEGABYTE,
    "video": 10 * _MEGABYTE,
    "file": 20 * _MEGABYTE,
}


@dataclass(frozen=True)
class Medium:
    """An uploaded file."""

    kind: str
    name: str
    content: bytes
    mimetype: str
    created_at: datetime


class Media:
    """All media of the corp."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._all: dict[str, Medium] = {}

    def put(self, kind: str, name: str, content: bytes, mimetype: str) -> str:
        """Keep a file and return its media_id; WecomError when WeCom would refuse it."""
        if kind not in _LIMITS:
            raise WecomError(40004)
        if len(content) <= 5:
            raise WecomError(44001)
        if len(content) > _LIMITS[kind]:
            raise WecomError(45001)
        media_id = secrets.token_urlsafe(32)
        with self._lock:
            self._all[media_id] = Medium(kind, name, content, mimetype, self._clock.now())
        return media_id

    def get(self, media_id: str) -> Medium:
        """Return a file; WecomError 40007 when it is unknown or older than three days."""
        with self._lock:
            medium = self._all.get(media_id)
        if medium is None or self._clock.now() - medium.created_at > LIFE:
            raise WecomError(40007)
        return medium
