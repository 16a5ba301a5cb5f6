"""How the worker processes are, as each of them writes down again and again."""

from datetime import datetime, timedelta

from bot.services.base import Service
from bot.storage import findings, nodes
from bot.storage.findings import Finding
from bot.storage.nodes import Node

SILENT = timedelta(minutes=3)
"""A worker that gave no sign of life for so long is dead: it gives one every 15 seconds."""
STUCK = timedelta(minutes=5)
"""A worker that lives and did nothing with success for so long needs somebody to look."""
WORTH_TELLING = timedelta(minutes=5)
"""A shorter time in which nothing could be sent is noticed by nobody."""
MISSED = timedelta(days=1)
"""A dead worker that nobody started again for so long was taken out of service."""
HALT = "halt"


class Nodes(Service):
    """The workers."""

    def all_nodes(self) -> list[Node]:
        """Return every worker that did not take its leave."""
        return nodes.all_nodes(self.session)

    def silent(self) -> list[Node]:
        """Return the workers that died."""
        now = self.all.shared.machine_clock.now()
        return [node for node in self.all_nodes() if now - node.beat_at > SILENT]

    def halted(self) -> list[Node]:
        """Return the living workers that can send nothing."""
        gone = {node.name for node in self.silent()}
        return [node for node in self.all_nodes() if node.halted_since and node.name not in gone]

    def stuck(self) -> list[Node]:
        """Return the living workers that have not looked for due jobs with success for long."""
        gone = {node.name for node in self.silent()}
        return [
            node
            for node in self.all_nodes()
            if node.name not in gone and node.beat_at - node.pulsed_at > STUCK
        ]

    def beat(self, node: Node) -> None:
        """Write down how a worker is; a halt that has ended becomes a finding."""
        before = nodes.find(self.session, node.name)
        if before is not None and before.halted_since and not node.halted_since:
            self._note_halt(before, self.now)
        nodes.save(self.session, node)

    def leave(self, name: str) -> None:
        """Forget a worker that ends, or that is known to have ended; not why it sent nothing."""
        before = nodes.find(self.session, name)
        if before is not None and before.halted_since:
            self._note_halt(before, self.now)
        nodes.forget(self.session, name)

    def forget_dead(self) -> None:
        """Forget the workers that nobody misses any more."""
        now = self.all.shared.machine_clock.now()
        for node in self.silent():
            if now - node.beat_at > MISSED:
                self.leave(node.name)

    def _note_halt(self, node: Node, until: datetime) -> None:
        since = node.halted_since
        if since is None or until - since < WORTH_TELLING:
            return
        facts = {
            "at": since.isoformat(),
            "until": until.isoformat(),
            "reason": node.halt_reason,
        }
        # All workers meet the same wall: one word about it is enough.
        key = f"{HALT}:{since:%Y-%m-%d %H}:{node.halt_reason}"
        findings.note(self.session, [Finding(key, HALT, facts)], self.now)
