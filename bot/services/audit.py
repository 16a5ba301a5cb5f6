"""The auditor: counts what should have happened and did not, repairs it once, tells the office.

Every finding is kept by its key, so that it is repaired once and told once; a second and last
word follows if the repair did not help. When all is well nothing is written and nobody is told.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.people import Role
from bot.services.audit_checks import CHECKS, OWN, Check, Span
from bot.services.base import Service
from bot.storage import findings, people, ticks
from bot.storage.database import OperationalError
from bot.storage.findings import BROKEN, REPAIRED, Finding, Untold
from bot.storage.ticks import Missing
from bot.texts import audit as texts

log = logging.getLogger(__name__)
JOB = "audit"
FURTHEST = timedelta(days=31)
"""No audit looks back further."""
FIRST = timedelta(days=1)
"""How far the very first audit looks back."""
PASSING = frozenset({"overdue", "node"})
"""What is not worth telling when it has passed by the time it may be told."""
NAMED = 500
"""People whose names are looked up for one message; it lists far fewer."""
NEVER_TOLD = timedelta(days=7)
"""What could not be told for so long, for want of anybody to tell, is not told any more."""


class Auditor(Service):
    """One audit is one transaction; each check and each repair in it has a savepoint."""

    def run(
        self,
        due: datetime,
        missing: Callable[[datetime], Sequence[Missing]],
        checks: Sequence[Check] = CHECKS,
    ) -> None:
        """Look for everything that did not happen since the last audit before `due`.

        `missing` returns the runs of jobs that are not on record since a moment.
        """
        previous = ticks.last_done(self.session, JOB, due) or self.now - FIRST
        span = Span(
            max(previous, self.now - FURTHEST),
            self.now,
            self.all.shared.machine_clock.now(),
            missing,
        )
        for check in checks:
            self._do(check, span)
        findings.tell_again(self.session, self.now)
        self._tell(due)

    def _do(self, check: Check, span: Span) -> None:
        found: list[Finding] = []
        if not self._tried(check, lambda: found.extend(check.look(self.all, span))):
            found = [Finding(f"check:{check.kind}:{self.today}", "check", {"what": check.kind})]
        new = findings.note(self.session, found, self.now)
        for finding in new[:10]:
            log.warning("audit found %s", finding.key)
        repair = check.repair
        if new and repair is not None and new[0].kind == check.kind:
            mended = self._tried(check, lambda: repair(self.all, span))
            findings.mark(self.session, new, REPAIRED if mended else BROKEN)

    def _tried(self, check: Check, act: Callable[[], object]) -> bool:
        """Do it in a savepoint: a bug in one check must not keep the others from the office."""
        try:
            with self.session.begin_nested():
                act()
        except OperationalError:
            raise  # the database is in trouble, no check: all of it is done once more
        except Exception:
            log.exception("audit: %s failed", check.kind)
            return False
        return True

    def _tell(self, due: datetime) -> None:
        """Tell the office in one message what it does not know, in its waking hours."""
        office = people.of_roles(self.session, Role.OFFICE)
        if not office or not self.all.shared.quiet.awake(self.now):
            return
        untold = findings.untold(self.session, self.now - NEVER_TOLD)
        findings.tell(self.session, [finding.id for finding in untold])
        current = [one for one in untold if one.kind not in PASSING or one.seen_at == self.now]
        if current:
            text = texts.report(self.readable(current))
            self.all.notices.tell_office(text, key=f"{OWN}{due.isoformat()}")

    def readable(self, untold: Sequence[Untold]) -> list[texts.Found]:
        """Return what the texts need, with the names of those few who will be named."""
        userids = list(dict.fromkeys(one.facts.get("userid", "") for one in untold))
        names = people.named(self.session, userids[:NAMED])
        return [readable(one.kind, one.facts, names, one) for one in untold]


def readable(
    kind: str, facts: dict[str, Any], names: dict[str, str], untold: Untold | None = None
) -> texts.Found:
    """Return one finding for the texts; `names` has unit and name by account."""
    userid = str(facts.get("userid", ""))
    down = [datetime.fromisoformat(at) for at in facts.get("down", ())]
    return texts.Found(
        kind,
        what=facts.get("what", ""),
        who=texts.person(userid, names.get(userid.lower(), "")),
        at=_moment(facts.get("at")),
        until=_moment(facts.get("until")),
        reason=facts.get("reason", ""),
        count=facts.get("count", 0),
        replaced=facts.get("replaced", False),
        down=(down[0], down[1]) if down else None,
        repaired=untold is not None and untold.repair == REPAIRED,
        again=untold is not None and untold.again,
    )


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
