"""The only source of time. Every moment carries its zone."""

import threading
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The time that the bot sees: the machine's, or one that starts at a chosen moment.

    `start_at` is the moment the clock shows when it is made; it then runs on at normal speed
    (`serve --start-at`, contract.md section 2).
    """

    def __init__(self, zone: ZoneInfo = SHANGHAI, start_at: datetime | None = None) -> None:
        self.zone = zone
        self._offset = timedelta(0)
        if start_at is not None:
            self._offset = start_at - datetime.now(tz=zone)

    @property
    def shifted(self) -> bool:
        """Whether this clock shows another time than the machine's."""
        return self._offset != timedelta(0)

    def now(self) -> datetime:
        """Return the present moment in the office's zone."""
        return datetime.now(tz=self.zone) + self._offset

    def today(self) -> date:
        """Return the present day in the office's zone."""
        return self.now().date()

    def monotonic(self) -> float:
        """Seconds that never run backwards; for durations only."""
        return time.monotonic()


class ManualClock(Clock):
    """A clock that stands until it is moved; for tests and rehearsals in one process."""

    def __init__(self, at: datetime) -> None:
        super().__init__(zone=SHANGHAI)
        self._at = at.astimezone(SHANGHAI)
        self._lock = threading.Lock()

    @property
    def shifted(self) -> bool:
        """A standing clock never shows the machine's time."""
        return True

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        with self._lock:
            return self._at

    def set(self, at: datetime) -> None:
        """Move the hands to `at`, which must carry a zone."""
        with self._lock:
            self._at = at.astimezone(SHANGHAI)

    def advance(self, by: timedelta) -> None:
        """Move the hands forward."""
        with self._lock:
            self._at += by
