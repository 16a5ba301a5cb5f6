"""Keeping the memory small."""

from datetime import datetime

from bot.services.base import Service
from bot.storage import findings, ticks


class Upkeep(Service):
    """What is removed, and why nobody misses it."""

    def forget_ticks(self, *, before: datetime) -> int:
        """Remove old runs of jobs; the first of all and the newest of each job stay.

        The first says since when the bot acts by itself, the newest what has been caught up.
        """
        return ticks.forget(self.session, before)

    def forget_findings(self, *, before: datetime) -> None:
        """Remove what the auditor saw last before that moment."""
        findings.forget(self.session, before)
