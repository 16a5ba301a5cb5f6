"""What the outbox writes down, each piece in a short transaction of its own.

Only the holder of a row, or of a batch's first row, writes: one whose lease was taken over by
another process changes nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import null
from sqlalchemy.orm import Session

from bot.faultpoints import reached
from bot.outbox import batches, reasons
from bot.outbox.batches import Doubt, Frozen, Group
from bot.outbox.preparing import Ended, Later
from bot.outbox.queue import LEASE
from bot.outbox.retry import Again, Stop
from bot.storage import outbox
from bot.storage.outbox import Claimed

log = logging.getLogger(__name__)


class Hand(NamedTuple):
    """Who writes, and when: `now` in the bot's time, `machine_now` in the machine's."""

    holder: str
    now: datetime
    machine_now: datetime


def freeze(session: Session, hand: Hand, group: Group, agent_id: int) -> Frozen | None:
    """Store the requests of those rows that are still ours; None when none is."""
    group = group.only(outbox.follow(session, group.rows, hand.holder, group.leader))
    if not group.recipients:
        return None
    frozen = batches.freeze(group, agent_id, hand.machine_now)
    _hold(session, hand, frozen)
    return frozen


def renew(session: Session, hand: Hand, frozen: Frozen) -> Frozen | None:
    """Hold a batch that was frozen earlier for one more call; None when it is not ours."""
    if not _ours(session, hand, frozen):
        return None
    _hold(session, hand, frozen)
    return frozen


def sent(
    session: Session, hand: Hand, frozen: Frozen, refused: dict[str, str], response_code: str
) -> None:
    """Record a batch that WeCom took; `refused` has the reasons of those it left out."""
    if not _ours(session, hand, frozen):
        return
    by_reason: dict[str, list[int]] = defaultdict(list)
    for recipient in frozen.recipients:
        by_reason[refused.get(recipient.touser.lower(), "")].append(recipient.row)
    values = {"errcode": 0, "msgid": ",".join(frozen.msgids), "response_code": response_code}
    for reason, rows in by_reason.items():
        _end(session, hand, rows, outbox.FAILED if reason else outbox.SENT, reason, **values)


def failed(
    session: Session, hand: Hand, frozen: Frozen, decision: Again | Stop, errcode: int | None
) -> None:
    """Record a batch whose call failed.

    What surely reached nobody is thawed: it will be prepared anew, with the facts of then.
    """
    if not _ours(session, hand, frozen):
        return
    if isinstance(decision, Again):
        _wait(session, hand, frozen, decision, errcode)
        return
    state = outbox.UNKNOWN if frozen.doubt is Doubt.GRAVE else decision.state
    _end(session, hand, frozen.rows, state, decision.reason, errcode=errcode)


def scatter(session: Session, hand: Hand, frozen: Frozen, errcode: int | None) -> None:
    """Queue the rows of a refused batch again; each goes alone, so that one harms no other."""
    if _ours(session, hand, frozen):
        _let_go(session, hand, frozen.rows, state=outbox.QUEUED, frozen=null(), errcode=errcode)


def expire(session: Session, hand: Hand, frozen: Frozen) -> None:
    """Settle a batch that WeCom would not recognise any more.

    What went out without an answer is never sent again; what most likely never left is prepared
    anew; parts that surely arrived are not repeated.
    """
    if not _ours(session, hand, frozen):
        return
    if frozen.doubt is Doubt.GRAVE or frozen.msgids:
        log.error("message %s was never answered and is given up", frozen.leader)
        _end(session, hand, frozen.rows, outbox.UNKNOWN, reasons.NO_ANSWER)
    else:
        _let_go(session, hand, frozen.rows, state=outbox.QUEUED, frozen=null())


def release(session: Session, hand: Hand, rows: Iterable[int], state: str) -> None:
    """Give rows back that were claimed and not tried."""
    ours = sorted(outbox.held(session, rows, hand.holder))
    outbox.write(session, ours, state=state, lease_holder="", lease_until=None)
    reached("release.stored")


def end(session: Session, hand: Hand, items: Iterable[Ended]) -> None:
    """End rows that were not sent."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item in items:
        alike[item.state, item.reason].append(item.row.id)
    for (state, reason), rows in alike.items():
        _end(session, hand, sorted(outbox.held(session, rows, hand.holder)), state, reason)


def put_off(session: Session, hand: Hand, items: Iterable[Later]) -> None:
    """Queue rows for later; no attempt is used."""
    alike: dict[tuple[datetime, str], list[int]] = defaultdict(list)
    for item in items:
        alike[item.until, item.reason].append(item.row.id)
    for (until, reason), rows in alike.items():
        values = {"state": outbox.QUEUED, "due_at": until, "error": reason}
        ours = sorted(outbox.held(session, rows, hand.holder))
        outbox.write(session, ours, lease_holder="", lease_until=None, **values)


def broken(session: Session, hand: Hand, row: Claimed, decision: Again | Stop) -> None:
    """Record a row that a bug kept from being prepared."""
    ours = sorted(outbox.held(session, [row.id], hand.holder))
    if isinstance(decision, Stop):
        _end(session, hand, ours, decision.state, reasons.BROKEN)
        return
    values = {"state": outbox.QUEUED, "due_at": decision.at, "attempts": decision.attempts}
    outbox.write(session, ours, lease_holder="", lease_until=None, error=reasons.BROKEN, **values)


def _ours(session: Session, hand: Hand, frozen: Frozen) -> bool:
    if outbox.held(session, [frozen.leader], hand.holder):
        return True
    log.warning("the batch of message %s was taken over by another process", frozen.leader)
    return False


def _hold(session: Session, hand: Hand, frozen: Frozen) -> None:
    """From now until the answer is recorded, nobody knows whether it was sent."""
    stored = replace(frozen, doubt=Doubt.GRAVE).to_json()
    outbox.freeze(session, frozen.leader, hand.holder, stored, hand.machine_now + LEASE)


def _wait(
    session: Session, hand: Hand, frozen: Frozen, decision: Again, errcode: int | None
) -> None:
    values: dict[str, Any] = {
        "due_at": decision.at,
        "attempts": decision.attempts,
        "errcode": errcode,
        "state": outbox.UNKNOWN if frozen.doubt is Doubt.GRAVE else outbox.QUEUED,
    }
    if not frozen.begun:
        _let_go(session, hand, frozen.rows, frozen=null(), **values)
        return
    _let_go(session, hand, [frozen.leader], frozen=frozen.to_json(), **values)
    outbox.write(session, frozen.followers, **values)


def _end(
    session: Session, hand: Hand, rows: list[int], state: str, reason: str = "", **values: Any
) -> None:
    _let_go(session, hand, rows, state=state, error=reason, ended_at=hand.now, **values)


def _let_go(session: Session, hand: Hand, rows: list[int], **values: Any) -> None:
    outbox.write(session, rows, lease_holder="", lease_until=hand.machine_now, **values)
