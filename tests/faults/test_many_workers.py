"""Several workers on hosts of their own: killed and cut off while they send; one does each job."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import SHANGHAI
from bot.storage import outbox, ticks
from bot.storage.outbox import OutboxRow
from bot.storage.ticks import TickRow
from simulator.faults import Effect
from tests.support.city import CLOCK, MORNING, UNITS, City
from tests.support.hosts import INNER, OUTER
from tests.support.nodes import Node, ended, started
from tests.support.process import wait_for
from tests.support.units import POINTS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hosts")]
LONG_AGO = MORNING - timedelta(days=30)


def test_nobody_gets_two_reminders_and_nobody_none_whatever_becomes_of_the_workers(
    bots: City,
) -> None:
    """One is killed and three are cut off, each while WeCom has its calls; a fifth takes over."""
    waves = iter([POINTS[start : start + 2] for start in range(0, len(POINTS), 2)])
    killed, forgetful, lost, unheard, last = (bots.node("worker", *CLOCK) for _ in range(5))
    cut_off = (forgetful, lost, unheard)
    with ended(killed, *cut_off, last):
        last.start()
        last.freeze()
        send(bots, killed, next(waves))
        killed.kill()
        send(bots, forgetful, next(waves))
        forgetful.host.cut(INNER)
        send(bots, lost, next(waves))
        lost.host.cut(INNER, OUTER)
        wait_for(lambda: "deliver failed" in forgetful.log)
        send(bots, unheard, next(waves))
        unheard.host.cut(OUTER)

        let_leases_run_out(bots)
        last.thaw()
        wait_for(lambda: bots.chased() == Counter({outbox.SENT: UNITS * 4 // 5}))
        recorded = rows(bots)
        last.stop()
        for node in cut_off:
            node.host.mend(INNER, OUTER)
        wait_for(lambda: "was taken over by another process" in unheard.log)
        unheard.stop()
        bots.chase(next(waves))
        wait_for(lambda: bots.chased() == Counter({outbox.SENT: UNITS}))
        forgetful.stop()
        lost.stop()
    assert recorded.items() <= rows(bots).items(), "what was recorded is not written over"
    assert bots.asked() == {1: UNITS}
    assert len(bots.simulator.calls("message/send")) > len(POINTS), "some calls were made again"


SLOW = 2.0
"""Seconds that WeCom takes over a call: long enough to cut a cable meanwhile."""


def send(bots: City, worker: Node, points: range) -> None:
    """Start a worker and let the office ask: return when WeCom has the calls, one a point."""
    worker.start()
    faults = bots.simulator.faults
    faults.set("message/send", Effect.DELAY, SLOW, times=len(points))
    bots.chase(points)
    wait_for(lambda: not faults.as_json())


def let_leases_run_out(bots: City) -> None:
    """Two minutes pass, after which nobody waits any more for those who hold them."""
    bots.database.run(
        lambda session: session.execute(
            update(OutboxRow)
            .where(OutboxRow.state == outbox.SENDING, OutboxRow.lease_until.is_not(None))
            .values(lease_until=LONG_AGO)
        )
    )


def rows(bots: City) -> dict[int, tuple[object, ...]]:
    """Return what is recorded of each message that was sent."""
    columns = (OutboxRow.state, OutboxRow.msgid, OutboxRow.attempts, OutboxRow.ended_at)
    query = select(OutboxRow.id, *columns).where(OutboxRow.state == outbox.SENT)
    found = bots.database.read(lambda session: session.execute(query).all())
    return {row[0]: tuple(row[1:]) for row in found}


HOLIDAY = datetime(2021, 8, 1, 9, 7, tzinfo=SHANGHAI)
"""On the day itself all contacts are reminded whose unit has the task."""


def test_two_workers_run_each_job_once(bots: City) -> None:
    clock = ("--start-at", (HOLIDAY - timedelta(seconds=3)).isoformat())
    workers = [bots.node("worker", *clock), bots.node("worker", *clock)]
    with started(*workers):
        wait_for(lambda: set(states(bots)) in ({outbox.SENT}, {outbox.SENT, outbox.DROPPED}))
        for worker in workers:
            worker.stop()
            assert " ERROR " not in worker.log
    reminded = UNITS // len(POINTS)
    assert states(bots)[outbox.SENT] == reminded
    pushes = Counter(len(bots.simulator.pushes(f"u{n}")) for n in range(1, UNITS + 1))
    assert pushes == {1: reminded, 0: UNITS - reminded}
    runs = select(TickRow.id).where(TickRow.due == HOLIDAY, TickRow.outcome == ticks.DONE)
    assert len(bots.database.read(lambda session: session.scalars(runs).all())) == 1


def states(bots: City) -> Counter[str]:
    """Return how many of the holiday's messages are in each state."""
    query = select(OutboxRow.state).where(OutboxRow.due_at == HOLIDAY)
    return bots.database.read(lambda session: Counter(session.scalars(query)))
