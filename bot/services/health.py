"""What the process knows of its own state, for /readyz, /metrics and `doctor`."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.services import audit
from bot.services.tally import Tally
from bot.storage import findings, inbox, migrate, nodes, outbox, ticks
from bot.storage.database import Database
from bot.storage.migrate import Schema
from bot.texts import audit as texts


class Health:
    """Answers without ever raising: a probe must not fail because the database is down."""

    def __init__(self, database: Database, clock: Clock, machine_clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._machine_clock = machine_clock
        self._served = False
        """Whether the schema was once the one of this program."""
        self._inbox = Tally(clock, inbox.counts)
        self._outbox = Tally(clock, outbox.counts, outbox.open_counts)

    def ready(self) -> str:
        """Return an empty string, or in English why callbacks cannot be taken now.

        A schema that a newer program has upgraded meanwhile is no reason: nodes are upgraded one
        after another.
        """
        try:
            schema = migrate.schema(self._database)
        except SQLAlchemyError:
            return "database is not reachable"
        self._served |= schema is Schema.CURRENT
        upgraded = self._served and schema is Schema.UNKNOWN
        good = schema is Schema.CURRENT or upgraded
        return "" if good else "schema is not current: run init"

    def metrics(self) -> bytes:
        """Return the figures as Prometheus text; without a database only `bot_up`."""
        registry = CollectorRegistry()
        up = Gauge("bot_database_up", "Whether the database answers", registry=registry)
        try:
            self._database.read(lambda session: self._count(session, registry))
            up.set(1)
        except SQLAlchemyError:
            up.set(0)
        return bytes(generate_latest(registry))

    def _count(self, session: Session, registry: CollectorRegistry) -> None:
        messages = Gauge("bot_inbox_messages", "Messages by state", ["state"], registry=registry)
        for state, count in self._inbox.get(session).items():
            messages.labels(state).set(count)
        sent = Gauge("bot_outbox_messages", "Outgoing by state", ["state"], registry=registry)
        for state, count in self._outbox.get(session).items():
            sent.labels(state).set(count)
        lag = Gauge("bot_outbox_lag_seconds", "Age of the oldest due message", registry=registry)
        now = self._clock.now()
        oldest = outbox.oldest_due(session, now)
        lag.set((now - oldest).total_seconds() if oldest else 0)
        beat = Gauge("bot_last_tick_seconds", "Unix time of the last run", registry=registry)
        last = ticks.newest(session)
        beat.set(last.timestamp() if last else 0)
        self._count_audit(session, registry, now)
        self._count_workers(session, registry)

    def _count_audit(self, session: Session, registry: CollectorRegistry, now: datetime) -> None:
        audited = ticks.last_done(session, audit.JOB, now)
        if audited is None:
            return
        age = Gauge("bot_audit_age_seconds", "Age of the last audit", registry=registry)
        age.set((now - audited).total_seconds())
        found = Gauge(
            "bot_audit_findings", "What the last audit found", ["kind"], registry=registry
        )
        counted = findings.counts(session, audited)
        for kind in texts.KINDS:
            found.labels(kind).set(counted.get(kind, 0))

    def _count_workers(self, session: Session, registry: CollectorRegistry) -> None:
        """Every node shows all workers: what they write down is in the database."""
        now = self._machine_clock.now()
        ages = {
            name: Gauge(f"bot_worker_{name}_age_seconds", does, ["node"], registry=registry)
            for name, does in SIGNS.items()
        }
        halted = Gauge(
            "bot_worker_halted", "Whether nothing can be sent", ["node"], registry=registry
        )
        for node in nodes.all_nodes(session):
            for name, at in zip(SIGNS, (node.beat_at, node.pulsed_at, node.swept_at), strict=True):
                ages[name].labels(node.name).set((now - at).total_seconds())
            halted.labels(node.name).set(node.halted_since is not None)


SIGNS = {
    "beat": "Age of the last sign of life",
    "pulse": "Age of the last look, with success, for jobs that are due",
    "sweep": "Age of the last round of sending without error",
}
