"""The simulator's clock: what the people of this WeCom see on their phones."""

import threading
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that tells a moment with a zone and can be moved."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...

    def set(self, at: datetime) -> None:
        """Move the hands to `at`."""
        ...


class RunningClock:
    """A clock that is set to a moment and runs on at normal speed."""

    def __init__(self, at: datetime | None = None) -> None:
        self._offset = timedelta(0)
        if at is not None:
            self.set(at)

    def now(self) -> datetime:
        """Return the present moment in the office's zone."""
        return datetime.now(tz=SHANGHAI) + self._offset

    def set(self, at: datetime) -> None:
        """Move the hands to `at`, which must carry a zone."""
        self._offset = at.astimezone(SHANGHAI) - datetime.now(tz=SHANGHAI)


class StandingClock:
    """A clock that stands until it is moved; for tests."""

    def __init__(self, at: datetime) -> None:
        self._lock = threading.Lock()
        self._at = at.astimezone(SHANGHAI)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        with self._lock:
            return self._at

    def set(self, at: datetime) -> None:
        """Move the hands to `at`, which must carry a zone."""
        with self._lock:
            self._at = at.astimezone(SHANGHAI)
