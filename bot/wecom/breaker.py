"""When not to ask for an access token: WeCom bans an address that keeps sending a wrong secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.wecom.errcodes import Outcome
from bot.wecom.failures import CallFailed, SendFailed

# Official help on 45009: after repeated wrong secrets the address is banned for an hour.
_CREDENTIALS = frozenset({40001, 40013, 40091})
_FIRST_REST = timedelta(minutes=1)  # also what a newly added 可信IP needs to work (60020)
_LONG_REST = timedelta(hours=1)
_REST = {Outcome.CONFIG: _FIRST_REST, Outcome.RATE: _FIRST_REST}
_SHORT_REST = timedelta(seconds=3)


@dataclass(frozen=True)
class Trouble:
    """Why tokens cannot be had, and when the next attempt is made."""

    failure: CallFailed
    retry_at: datetime
    times: int


class Breaker:
    """Counts failures in a row and keeps the line closed after each for a while.

    The first refusal of the credentials rests a minute, a second one in a row an hour.
    """

    def __init__(self) -> None:
        self._trouble: Trouble | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong at present; None after a success."""
        return self._trouble

    def check(self, now: datetime) -> None:
        """Raise the last failure again while the rest after it lasts."""
        if self._trouble and now < self._trouble.retry_at:
            last = self._trouble.failure
            raise SendFailed(last.outcome, last.errcode, last.errmsg)

    def failed(self, failure: CallFailed, now: datetime) -> None:
        """Note one more failure in a row."""
        times = self._trouble.times + 1 if self._trouble else 1
        rest = _REST.get(failure.outcome, _SHORT_REST)
        if failure.errcode in _CREDENTIALS and times > 1:
            rest = _LONG_REST
        self._trouble = Trouble(failure, now + rest, times)

    def succeeded(self) -> None:
        """Forget all failures."""
        self._trouble = None
