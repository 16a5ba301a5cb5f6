"""What the auditor looks for: each check names what should have happened and did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.reminders import STALE
from bot.outbox import reasons, stranded
from bot.services.planning import DEADLINE, Wanted
from bot.services.reminders import CHASE, outbox_key
from bot.storage import inbox, reminders, ticks, undelivered
from bot.storage.findings import Finding
from bot.storage.ticks import Missing
from bot.storage.undelivered import Dropped, Failure
from bot.texts import audit as texts

if TYPE_CHECKING:
    from bot.services.all import Services

OWN = "audit:"
"""How the outbox keys of the auditor's own messages begin."""
SETTLED = timedelta(minutes=5)
"""What is younger than this may still be under way."""
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
DOWN = timedelta(hours=2)
"""The bot acts every minute; without any act for so long it was down."""
STEADY = timedelta(minutes=30)
"""Since an audit so lately the bot has surely been running."""


@dataclass(frozen=True)
class Span:
    """What one audit looks at: what has happened since the previous one."""

    previous: datetime
    now: datetime
    machine_now: datetime
    missing_runs: Callable[[datetime], Sequence[Missing]]

    @property
    def overlapping(self) -> datetime:
        """From a little before, for what was committed late; nothing is told twice anyway."""
        return self.previous - AN_HOUR


Look = Callable[["Services", Span], Iterator[Finding]]
Repair = Callable[["Services", Span], object]


@dataclass(frozen=True)
class Check:
    """One thing to look for, and what puts it right."""

    kind: str
    look: Look
    repair: Repair | None = None


def _missing_reminders(services: Services, span: Span) -> Iterator[Finding]:
    """Yield who should have a reminder by rule and calendar and has none."""
    first = max(services.reminders.since(span.now), span.now - STALE)
    for wanted in services.planning.missing(first, span.now - SETTLED):
        yield _of_wanted("reminder", wanted)


def _plan_again(services: Services, span: Span) -> None:
    services.reminders.plan(span.now)


def _lost_reminders(services: Services, span: Span) -> Iterator[Finding]:
    """Yield reminders on record that have no message; a chase is the office's to repeat."""
    for reminder in _without_message(services, span):
        at = reminder.due_at.isoformat()
        facts = {"what": _of_rule(reminder.rule), "at": at, "userid": reminder.userid}
        yield Finding(f"lost:{reminder.rule}:{reminder.userid}:{at}", "lost", facts)


def _plan_anew(services: Services, span: Span) -> None:
    lost = _without_message(services, span)
    planned = [reminder.id for reminder in lost if reminder.rule != CHASE]
    reminders.forget(services.session, planned)
    services.reminders.plan(span.now)


def _without_message(services: Services, span: Span) -> list[reminders.Reminder]:
    first = span.previous - SETTLED
    alone = reminders.without_message(services.session, f"{DEADLINE}:", first, span.now)
    shared = reminders.due_between(services.session, f"{DEADLINE}:", first, span.now)
    keys = {one: outbox_key(DEADLINE, one.id, one.userid, one.due_at) for one in shared}
    known = undelivered.known_keys(services.session, list(keys.values()))
    return [*alone, *(one for one, key in keys.items() if key not in known)]


def _lapsed(services: Services, span: Span) -> Iterator[Finding]:
    """Yield what came due while the bot was down for so long that it is not sent any more."""
    first = max(services.reminders.since(span.now), span.overlapping)
    last = span.now - STALE
    if first < last:
        for wanted in services.planning.missing(first, last):
            yield _of_wanted("lapsed", wanted)


def _of_wanted(kind: str, wanted: Wanted) -> Finding:
    what = _of_rule(wanted.rule)
    facts = {"what": what, "at": wanted.at.isoformat(), "userid": wanted.userid}
    return Finding(f"{kind}:{wanted.rule}:{wanted.period}:{wanted.userid}", kind, facts)


def _of_rule(rule: str) -> str:
    kind, holiday, stage = (*rule.split(":"), "", "")[:3]
    return texts.about(kind, "", holiday, stage)


def _of_message(kind: str, key: str, facts: dict[str, Any]) -> str:
    return texts.about(
        kind, key, facts.get("holiday", ""), facts.get("stage", ""), facts.get("point", 0)
    )


def _folded(services: Services, span: Span) -> Iterator[Finding]:
    """Yield what was left out because its time had passed while nothing could be sent."""
    wanted = (reasons.FOLDED, reasons.LAPSED, reasons.EXPIRED)
    dropped = undelivered.dropped(services.session, span.overlapping, wanted)
    gaps = {at: _gap(services, at, span.now) for at in {row.due_at for row in dropped}}
    for row in dropped:
        gap = gaps[row.due_at]
        if gap is None and row.created_at > row.due_at:
            continue  # whoever joined the roster since then missed nothing
        yield Finding(f"folded:{row.id}", "folded", _of_dropped(row, gap))


def _of_dropped(row: Dropped, gap: tuple[datetime, datetime] | None) -> dict[str, Any]:
    return {
        "what": _of_message(row.kind, row.key, row.facts),
        "userid": row.touser,
        "at": row.due_at.isoformat(),
        "replaced": row.reason == reasons.FOLDED,
        "down": [moment.isoformat() for moment in gap] if gap else [],
    }


def _gap(services: Services, moment: datetime, now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when the bot did nothing around that moment, if it was long."""
    before, after = ticks.around(services.session, moment)
    if before is None:
        return None
    end = after or now
    return (before, end) if end - before > DOWN else None


def _failed(services: Services, span: Span) -> Iterator[Finding]:
    """Yield the messages that did not reach their person, or of which nobody knows."""
    for row in undelivered.failures(services.session, span.overlapping, limit=100_000):
        # A notice about a failed notice must not go on for ever: one for each person.
        own = row.key.startswith(OWN)
        yield Finding(f"unreached:{row.touser}" if own else f"failed:{row.id}", "failed",
                      of_failure(row))  # fmt: skip


def of_failure(row: Failure) -> dict[str, Any]:
    """Return what the office is told of a message that did not arrive; never its text."""
    what = _of_message(row.kind, row.key, row.facts)
    return {"what": what, "userid": row.touser, "reason": row.reason}


def _overdue(services: Services, span: Span) -> Iterator[Finding]:
    """Yield what has been due since before the previous audit though the bot was running."""
    if span.now - span.previous > STEADY or services.nodes.halted():
        return
    found = undelivered.overdue(services.session, span.previous, span.machine_now)
    if found is not None:
        count, oldest, due_at = found
        facts = {"count": count, "at": due_at.isoformat()}
        yield Finding(f"overdue:{oldest}", "overdue", facts)


def _stranded(services: Services, span: Span) -> Iterator[Finding]:
    """Yield messages that would wait for ever."""
    for row in stranded.find(services.session, span.previous):
        facts = {"what": _of_message(row.kind, "", row.facts), "userid": row.touser}
        yield Finding(f"stranded:{row.id}", "stranded", facts)


def _release(services: Services, span: Span) -> None:
    stranded.release(services.session, span.previous, span.now)


def _missing_runs(services: Services, span: Span) -> Iterator[Finding]:
    """Yield the runs of jobs that cron calls for and nobody did."""
    for missing in span.missing_runs(span.previous - A_DAY):
        facts = {"what": missing.job, "at": missing.due.isoformat()}
        yield Finding(f"run:{missing.job}:{missing.due.isoformat()}", "run", facts)


def _run_again(services: Services, span: Span) -> None:
    for missing in span.missing_runs(span.previous - A_DAY):
        ticks.try_again(services.session, missing, span.now)


def _given_up(services: Services, span: Span) -> Iterator[Finding]:
    """Yield the runs of jobs that failed for good; of a job that runs every minute, one a day."""
    ticks.give_up(services.session, before=span.now - A_DAY - AN_HOUR)
    for run in ticks.failures(services.session, span.overlapping - A_DAY - AN_HOUR):
        if run.outcome == ticks.GIVEN_UP:
            facts = {"what": run.job, "at": run.due.isoformat()}
            yield Finding(f"given up:{run.job}:{run.due.date()}", "given_up", facts)


def _unanswered(services: Services, span: Span) -> Iterator[Finding]:
    """Yield people's messages that still wait for a repair, and for the answer promised."""
    for row in inbox.waiting(services.session, span.now - AN_HOUR):
        facts = {"userid": row.userid, "at": row.received_at.isoformat()}
        yield Finding(f"inbox:{row.id}", "inbox", {**facts, "what": row.reference})


def _dead_workers(services: Services, span: Span) -> Iterator[Finding]:
    """Yield the workers that ended without taking their leave."""
    for node in services.nodes.silent():
        minutes = (span.machine_now - node.beat_at) // timedelta(minutes=1)
        facts = {"what": node.name, "count": minutes}
        yield Finding(f"node:{node.name}:{node.started_at.isoformat()}", "node", facts)


CHECKS = (
    Check("lost", _lost_reminders, _plan_anew),
    Check("reminder", _missing_reminders, _plan_again),
    Check("lapsed", _lapsed),
    Check("folded", _folded),
    Check("failed", _failed),
    Check("stranded", _stranded, _release),
    Check("overdue", _overdue),
    Check("run", _missing_runs, _run_again),
    Check("given_up", _given_up),
    Check("inbox", _unanswered),
    Check("node", _dead_workers),
)
