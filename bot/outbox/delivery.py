"""One round of sending: claim, prepare, freeze, send with no transaction open, record."""

import logging
import random
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.faultpoints import reached
from bot.outbox import batches, ledger, preparing, queue, reasons, retry
from bot.outbox.batches import Doubt, Frozen, Group
from bot.outbox.breaker import Breaker
from bot.outbox.composing import Composer
from bot.outbox.ledger import Hand
from bot.outbox.preparing import Broken, Ended, Later, Prepared, Ready
from bot.outbox.sender import Sender
from bot.outbox.throttle import Throttle
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Claimed
from bot.wecom.errcodes import Outcome
from bot.wecom.failures import CallFailed, SendUnknown
from bot.wecom.outgoing import MAX_RECIPIENTS

log = logging.getLogger(__name__)
CONNECTIONS = 8
"""How many calls are under way at once."""
ROWS = CONNECTIONS * MAX_RECIPIENTS
"""How many rows one sweep claims: as many as the calls under way at once can carry."""
_NOBODY = 81013
"""WeCom: all recipients are invalid, so that trying each alone would teach nothing."""

Item = Group | Frozen


@dataclass(frozen=True)
class _Answered:
    """What came of the calls of one batch: how far they went, and what stopped them."""

    frozen: Frozen
    refused: dict[str, str]
    response_code: str
    failure: CallFailed | None = None


@dataclass
class Delivery:
    """Sends what is due. Any number of processes may do so on one database.

    `clock` is the bot's, `machine_clock` is never shifted: leases and WeCom's limits are real.
    """

    database: Database
    sender: Sender
    composer: Composer
    clock: Clock
    machine_clock: Clock
    agent_id: int
    throttle: Throttle = field(default_factory=Throttle)
    breaker: Breaker = field(default_factory=Breaker)
    jitter: Callable[[], float] = random.random
    stopping: threading.Event = field(default_factory=threading.Event)

    def drain(self) -> int:
        """Sweep until nothing is due or everything waits; return how many rows were taken up."""
        total = 0
        while taken := self.sweep():
            total += taken
        return total

    def stop(self) -> None:
        """Finish the calls under way, give the rest back, and take up nothing more."""
        self.stopping.set()

    def sweep(self, limit: int = ROWS) -> int:
        """Do one round and return how many rows it took up; 0 when nothing is due."""
        if self._waits(self.machine_clock.now()):
            return 0
        hand = self._hand(uuid.uuid4().hex)
        claimed = queue.claim(
            self.database,
            now=hand.now,
            machine_now=hand.machine_now,
            holder=hand.holder,
            limit=limit,
        )
        for items in self._rounds(hand, claimed):
            self._send_all(hand.holder, items)
        return len(claimed)

    def _hand(self, holder: str) -> Hand:
        return Hand(holder, self.clock.now(), self.machine_clock.now())

    def _rounds(self, hand: Hand, claimed: Sequence[Claimed]) -> list[Sequence[Item]]:
        """Batches that were begun earlier go first, then what is new."""
        begun = {row.id: batch for row in claimed if (batch := Frozen.from_row(row))}
        fresh = [row for row in claimed if row.id not in begun]
        ready = self._prepare(hand, fresh)
        groups = batches.rounds((item.row, item.composed) for item in ready)
        return [list(begun.values()), *groups]

    def _prepare(self, hand: Hand, rows: Sequence[Claimed]) -> list[Ready]:
        prepared = preparing.prepare(self.database, self.composer, rows, hand.now)
        ready = [item for item in prepared if isinstance(item, Ready)]
        admitted = preparing.admit(self.database, self.throttle, ready, hand.now, hand.machine_now)
        others = [item for item in (*prepared, *admitted) if not isinstance(item, Ready)]
        if others:
            self.database.run(lambda session: self._record_unsent(session, hand, others))
            reached("prepare.recorded")
        return [item for item in admitted if isinstance(item, Ready)]

    def _record_unsent(self, session: Session, hand: Hand, items: Sequence[Prepared]) -> None:
        ledger.end(session, hand, (item for item in items if isinstance(item, Ended)))
        ledger.put_off(session, hand, (item for item in items if isinstance(item, Later)))
        for row in (item.row for item in items if isinstance(item, Broken)):
            decision = self._decide(row.attempts, Outcome.UNLISTED, None, hand)
            ledger.broken(session, hand, row, decision)

    def _waits(self, machine_now: datetime) -> bool:
        return self.stopping.is_set() or self.breaker.is_open(machine_now)

    def _send_all(self, holder: str, items: Sequence[Item]) -> None:
        """Send batches at the same time; after a failure the first one goes alone, as a probe."""
        alone = 1 if self.breaker.failing or len(items) == 1 else 0
        for item in items[:alone]:
            self._send(holder, item)
        if items[alone:]:
            with ThreadPoolExecutor(CONNECTIONS, "sender") as pool:
                list(pool.map(lambda item: self._send(holder, item), items[alone:]))

    def _send(self, holder: str, item: Item) -> None:
        """Send one batch; whatever happens, its rows say afterwards what is known of it."""
        hand = self._hand(holder)
        if isinstance(item, Frozen) and item.forgotten(hand.machine_now):
            self.database.run(lambda session: ledger.expire(session, hand, item))
        elif self._waits(hand.machine_now):
            self._release(hand, item)
        else:
            reached("freeze.begin")
            frozen = self.database.run(lambda session: self._freeze(session, hand, item))
            reached("freeze.committed")
            if frozen is not None:
                self._record(holder, self._call(frozen))

    def _freeze(self, session: Session, hand: Hand, item: Item) -> Frozen | None:
        if isinstance(item, Frozen):
            frozen = ledger.renew(session, hand, item)
        else:
            frozen = ledger.freeze(session, hand, item, self.agent_id)
        reached("freeze.stored")
        return frozen

    def _release(self, hand: Hand, item: Item) -> None:
        unsure = isinstance(item, Frozen) and item.doubt is Doubt.GRAVE
        state = outbox.UNKNOWN if unsure else outbox.QUEUED
        rows = [item.leader] if isinstance(item, Frozen) else item.rows
        reached("release.begin")
        self.database.run(lambda session: ledger.release(session, hand, rows, state))
        reached("release.committed")

    def _call(self, frozen: Frozen) -> _Answered:
        """Send what remains of the batch, in order, up to the first failure."""
        refused: dict[str, str] = {}
        code = ""
        for request in frozen.remaining:
            try:
                receipt = self.sender.send_bytes(request.encode())
            except CallFailed as failure:
                return _Answered(_doubted(frozen, failure), refused, code, failure)
            except Exception as error:
                log.exception("sending message %s ended in a bug", frozen.leader)
                unknown = SendUnknown(repr(error))
                return _Answered(_doubted(frozen, unknown), refused, code, unknown)
            reached("call.answered")
            frozen = replace(frozen, msgids=(*frozen.msgids, receipt.msgid))
            refused |= dict.fromkeys(map(str.lower, receipt.unlicensed_users), reasons.UNLICENSED)
            refused |= dict.fromkeys(map(str.lower, receipt.invalid_users), reasons.INVALID)
            code = receipt.response_code or code
        return _Answered(frozen, refused, code)

    def _record(self, holder: str, answered: _Answered) -> None:
        hand, failure = self._hand(holder), answered.failure
        if failure is None:
            self.breaker.worked()
            self.database.run(lambda session: _record_sent(session, hand, answered))
            reached("record.committed")
            return
        frozen = answered.frozen
        log.warning("message %s: %s %s", frozen.leader, failure.errcode, failure.errmsg)
        decision = self._decide(frozen.attempts, failure.outcome, failure.errcode, hand)
        if isinstance(decision, retry.Again) and decision.halt:
            self.breaker.failed(decision.halt, str(failure), hand.machine_now)
        self.database.run(lambda session: _record_failed(session, hand, frozen, failure, decision))
        reached("record.committed")

    def _decide(
        self, attempts: int, outcome: Outcome, errcode: int | None, hand: Hand
    ) -> retry.Again | retry.Stop:
        return retry.decide(attempts, outcome, errcode, hand.now, self.jitter())


def _doubted(frozen: Frozen, failure: CallFailed) -> Frozen:
    """Return the batch with the doubt that this failure adds; none ever takes doubt away."""
    if failure.outcome is Outcome.AMBIGUOUS:
        return replace(frozen, doubt=Doubt.GRAVE)
    if failure.errcode is None and frozen.doubt is Doubt.NONE:
        return replace(frozen, doubt=Doubt.SLIGHT)
    return frozen


def _record_sent(session: Session, hand: Hand, answered: _Answered) -> None:
    ledger.sent(session, hand, answered.frozen, answered.refused, answered.response_code)
    reached("record.stored")


def _record_failed(
    session: Session,
    hand: Hand,
    frozen: Frozen,
    failure: CallFailed,
    decision: retry.Again | retry.Stop,
) -> None:
    shared = failure.outcome is Outcome.RECIPIENT and failure.errcode != _NOBODY
    if shared and frozen.followers and not frozen.begun:
        ledger.scatter(session, hand, frozen, failure.errcode)
    else:
        ledger.failed(session, hand, frozen, decision, failure.errcode)
    reached("record.stored")
