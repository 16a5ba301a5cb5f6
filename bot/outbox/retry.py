"""What to do after a failed call: a decision without any effect of its own.

The table follows section 5.2 of the protocol notes. WeCom advises at most three retries of what
it answered with "busy"; being unreachable is no answer and is waited for without limit, because
a network that is down for an evening must not lose the morning's reminders.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.outbox import FAILED
from bot.wecom.errcodes import Outcome, explain

SPREAD = 0.25
"""A wait grows by up to this share, so that rows that failed together do not come back so."""


def _seconds(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=number) for number in numbers)


@dataclass(frozen=True)
class Halt:
    """Everything waits: after `after` failures in a row, for `waits` (the last one repeats)."""

    waits: tuple[timedelta, ...]
    after: int = 1


@dataclass(frozen=True)
class Again:
    """Try again at `at` (the bot's time); `attempts` is what has been used up by then."""

    at: datetime
    attempts: int
    halt: Halt | None = None


@dataclass(frozen=True)
class Stop:
    """Never try again; the row ends in `state`, and the office reads `reason`."""

    state: str
    reason: str


@dataclass(frozen=True)
class _Rule:
    waits: tuple[timedelta, ...] = ()
    """Before the first, second … retry."""
    endless: bool = False
    """Whether the last wait repeats, instead of the row being given up."""
    counts: bool = True
    """Whether a failure uses up an attempt."""
    halt: Halt | None = None


_UNWELL = Halt(_seconds(10, 30, 60), after=3)
_BUSY = _Rule(_seconds(10, 120, 1800), halt=_UNWELL)
_UNREACHABLE = _Rule(_seconds(10, 60, 300, 900), endless=True, halt=_UNWELL)
_STOP = _Rule()
# The row keeps its place: the halt holds back everything until somebody mended the settings.
_SETTINGS = _Rule(_seconds(0), endless=True, counts=False, halt=Halt(_seconds(60, 60, 300)))
_RULES: dict[Outcome, _Rule] = {
    Outcome.TRANSIENT: _BUSY,
    Outcome.UNLISTED: _BUSY,
    Outcome.AMBIGUOUS: _Rule(_seconds(30, 120, 600, 1800), endless=True, halt=_UNWELL),
    Outcome.TOKEN: _SETTINGS,
    Outcome.CONFIG: _SETTINGS,
    Outcome.RATE: _Rule(
        _seconds(0), endless=True, counts=False, halt=Halt(_seconds(60, 60, 600, 3600))
    ),
    Outcome.CONCURRENCY: _Rule(_seconds(5), endless=True, counts=False, halt=Halt(_seconds(2))),
    Outcome.RECIPIENT: _STOP,
    Outcome.REQUEST: _STOP,
    Outcome.MEDIA: _STOP,
    Outcome.OAUTH: _STOP,
    Outcome.RECALL: _STOP,
}
_CREDENTIALS = frozenset({40001, 40013, 40091, 41004})
_BAN = Halt(_seconds(3600))
"""Asking on with a wrong secret gets the address banned for an hour (help page of 45009)."""


def decide(
    attempts: int, outcome: Outcome, errcode: int | None, now: datetime, jitter: float = 0.0
) -> Again | Stop:
    """Return what becomes of a row whose call failed after `attempts` failures before.

    `errcode` is None where WeCom did not answer in its own words; `now` is the bot's time;
    `jitter` in [0, 1) spreads the waits.
    """
    rule = _rule(outcome, errcode)
    used = attempts + 1 if rule.counts else attempts
    if not rule.endless and used > len(rule.waits):
        return Stop(FAILED, str(explain(errcode, outcome)))
    wait = rule.waits[max(0, min(used, len(rule.waits)) - 1)]
    halt = _BAN if errcode in _CREDENTIALS else rule.halt
    return Again(now + wait * (1 + SPREAD * jitter), used, halt)


def _rule(outcome: Outcome, errcode: int | None) -> _Rule:
    if outcome is Outcome.TRANSIENT and errcode is None:
        return _UNREACHABLE
    return _RULES[outcome]
