"""From claimed rows to messages: who still needs what, and whether it may go now."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.faultpoints import reached
from bot.outbox import batches, reasons
from bot.outbox.composing import Composed, Composer, Deferred, Gathering, Unneeded
from bot.outbox.throttle import WINDOW, Throttle
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Claimed

log = logging.getLogger(__name__)
PAUSE = timedelta(seconds=10)
"""How long a message waits whose person gets enough at the moment."""
_USERID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", re.ASCII)
"""Official page 90195; `|` would address two people, `@all` everybody."""


@dataclass(frozen=True)
class Ended:
    """A row that will never be sent."""

    row: Claimed
    state: str
    reason: str


@dataclass(frozen=True)
class Later:
    """A row that waits until a moment of the bot's time."""

    row: Claimed
    until: datetime
    reason: str = ""


@dataclass(frozen=True)
class Broken:
    """A row that a bug of ours kept from being prepared."""

    row: Claimed


@dataclass(frozen=True, slots=True)
class Ready:
    """A row and what its person gets."""

    row: Claimed
    composed: Composed


Prepared = Ended | Later | Broken | Ready


def prepare(
    database: Database, composer: Composer, rows: Sequence[Claimed], now: datetime
) -> list[Prepared]:
    """Say of each row, in order, what is to become of it; a bug in one leaves the others alone."""
    prepared: list[Prepared] = []
    at_once = True
    while len(prepared) < len(rows):
        rest = rows[len(prepared) :]
        done = database.read(
            partial(_until_a_bug, composer=composer, rows=rest, now=now, at_once=at_once)
        )
        at_once = bool(done)
        prepared += done
    return prepared


def _until_a_bug(
    session: Session, composer: Composer, rows: Sequence[Claimed], now: datetime, *, at_once: bool
) -> list[Prepared]:
    """A bug may have spoilt the transaction, so the rest needs another one.

    After a bug in reading for all of them at once, each message reads for itself.
    """
    if at_once and isinstance(composer, Gathering):
        try:
            composer.gather(session, rows)
        except Exception:
            log.exception("cannot read at once what %s messages need", len(rows))
            return []
    done: list[Prepared] = []
    checked: dict[int, Composed] = {}
    for row in rows:
        try:
            done.append(_one(session, composer, row, now, checked))
        except Exception:
            log.exception("cannot prepare message %s of kind %s", row.key, row.kind)
            return [*done, Broken(row)]
    return done


def _one(
    session: Session,
    composer: Composer,
    row: Claimed,
    now: datetime,
    checked: dict[int, Composed],
) -> Prepared:
    if row.expires_at is not None and row.expires_at <= now:
        return Ended(row, outbox.DROPPED, reasons.EXPIRED)
    if not _USERID.fullmatch(row.touser):
        return Ended(row, outbox.FAILED, reasons.BAD_ACCOUNT)
    composed = composer.compose(session, row.kind, row.facts, row.touser, row.due_at)
    if isinstance(composed, Unneeded):
        return Ended(row, outbox.DROPPED, composed.reason)
    if isinstance(composed, Deferred):
        return Later(row, max(composed.until, now + PAUSE))
    if id(composed) not in checked:
        batches.check(composed, row.touser)
        checked[id(composed)] = composed
    return Ready(row, composed)


def admit(
    database: Database,
    throttle: Throttle,
    ready: Sequence[Ready],
    now: datetime,
    machine_now: datetime,
) -> list[Ready | Later]:
    """Let go at once only what WeCom would not drop silently."""
    if not ready:
        return []
    people = {item.row.touser for item in ready}
    recorded = database.read(
        lambda session: outbox.sent_since(session, people, machine_now - WINDOW)
    )
    wanted = [(item.row.touser, len(item.composed.messages)) for item in ready]
    admitted = throttle.admit(wanted, recorded, machine_now)
    reached("prepare.done")
    return [
        item if goes else Later(item.row, now + PAUSE, reasons.THROTTLED)
        for item, goes in zip(ready, admitted, strict=True)
    ]
