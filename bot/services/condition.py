"""How the bot is, in words for the office: it may be the only way to hear that nothing goes out."""

from datetime import datetime, timedelta

from bot.services.audit import JOB, readable
from bot.services.audit_checks import of_failure
from bot.services.base import Service
from bot.storage import findings, inbox, outbox, people, ticks, undelivered
from bot.storage.inbox import InboxRow
from bot.storage.undelivered import Failure
from bot.texts import audit as audit_texts
from bot.texts import condition as texts

RECENTLY = timedelta(days=7)
A_MINUTE = timedelta(minutes=1)
_SHOWN = 100


class Condition(Service):
    """Answers from the database, so that a web node knows of the workers."""

    def shown(self) -> str:
        """Return how everything is."""
        nodes = self.all.nodes
        silent = nodes.silent()
        oldest = outbox.oldest_due(self.session, self.now)
        failed = undelivered.failures(self.session, self.now - RECENTLY, limit=_SHOWN)
        runs = ticks.failures(self.session, self.now - RECENTLY)
        return texts.condition(
            texts.Condition(
                now=self.now,
                halted=self.warning(),
                workers=len(nodes.all_nodes()) - len(silent),
                silent=tuple(node.name for node in silent),
                waiting=outbox.count_due(self.session, self.now),
                oldest=oldest,
                audited=self.last_audit(),
                found=self.last_found(),
                undelivered=tuple(audit_texts.undelivered(self._readable(failed))),
                runs=tuple((run.job, run.due) for run in runs if run.outcome == ticks.GIVEN_UP),
                letters=tuple(row.reference for row in self._letters()),
            )
        )

    def warning(self) -> str:
        """Return why nothing can be sent at present; empty when all is well."""
        halted = self.all.nodes.halted()
        if not halted or halted[0].halted_since is None:
            return ""
        return texts.halted(halted[0].halted_since, halted[0].halt_reason)

    def last_audit(self) -> datetime | None:
        """Return when the auditor last looked at everything."""
        return ticks.last_done(self.session, JOB, self.now)

    def last_found(self) -> int:
        """Return how many things it found then."""
        last = self.last_audit()
        return sum(findings.counts(self.session, last).values()) if last else 0

    def _letters(self) -> list[InboxRow]:
        """Return what waits for a repair; what came just now is being handled."""
        waiting = inbox.waiting(self.session, self.now - A_MINUTE)
        return [row for row in waiting if row.reference]

    def _readable(self, failed: list[Failure]) -> list[audit_texts.Found]:
        names = people.named(self.session, [row.touser for row in failed])
        return [readable("failed", of_failure(row), names) for row in failed]
