"""WeCom asks not to be called at full and half hours (official page of message/send)."""

from datetime import datetime, timedelta
from zlib import crc32

BUSY = frozenset({0, 30})
"""Minutes of the hour in which everybody's programs call."""
SPREAD = 4
"""Minutes by which a planned moment is put off at most."""


def off_busy(moment: datetime, key: str) -> datetime:
    """Return `moment`, or 1 to `SPREAD` minutes later where it falls on a busy minute.

    `key` names the occasion, not the person: what many people get at once still shares its calls,
    and the same occasion always gets the same moment.
    """
    if moment.minute not in BUSY:
        return moment
    return moment + timedelta(minutes=1 + crc32(key.encode()) % SPREAD)
