"""A worker's sign of life, so that every node and the office can see that it lives."""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.services import Services
from bot.storage.database import Database
from bot.storage.nodes import Node

EVERY = timedelta(seconds=15)
"""Between two signs of life; a halt is written down with the next one."""


log = logging.getLogger(__name__)


class Halting(Protocol):
    """What knows whether anything can be sent (`bot.outbox.breaker.Breaker`)."""

    @property
    def reason(self) -> str:
        """Why nothing is sent; empty when all is well."""


class Heart:
    """Writes the row of this process in `nodes`.

    `clock` is the bot's, for what the office reads; the signs of life are in the machine's time.
    """

    def __init__(
        self,
        database: Database,
        make_services: Callable[[Session], Services],
        halting: Halting,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._database = database
        self._make_services = make_services
        self._halting = halting
        self._clock = clock
        self._machine_clock = machine_clock
        self._lock = threading.Lock()
        self._started_at = machine_clock.now()
        self._done: dict[str, datetime] = {}
        self._halted_since: datetime | None = None

    def done(self, chore: str) -> None:
        """Note that a round of `chore` has just ended well."""
        with self._lock:
            self._done[chore] = self._machine_clock.now()

    def beat(self) -> None:
        """Write down how this process is."""
        node = self._node()
        self._database.run(lambda session: self._make_services(session).nodes.beat(node))

    def start(self) -> None:
        """Give the first sign of life; processes of this machine that died are forgotten."""
        self._quietly(self._bury)
        self._quietly(self.beat)

    def stop(self) -> None:
        """Take leave: a process that was stopped in order is not missed."""
        self._quietly(lambda: self._leave(self.name))

    def _quietly(self, act: Callable[[], object]) -> None:
        """A database that is down must neither keep a worker from its start nor from its end."""
        try:
            act()
        except Exception:
            log.exception("the sign of life of %s failed", self.name)

    def _bury(self) -> None:
        known = self._database.read(lambda session: self._make_services(session).nodes.all_nodes())
        for node in known:
            if node.name != self.name and _ended(node.name):
                self._leave(node.name)

    def _leave(self, name: str) -> None:
        self._database.run(lambda session: self._make_services(session).nodes.leave(name))

    def _node(self) -> Node:
        reason = self._halting.reason
        with self._lock:
            if not reason:
                self._halted_since = None
            elif self._halted_since is None:
                self._halted_since = self._clock.now()
            return Node(
                self.name,
                self._started_at,
                beat_at=self._machine_clock.now(),
                pulsed_at=self._done.get("pulse", self._started_at),
                swept_at=self._done.get("deliver", self._started_at),
                halted_since=self._halted_since,
                halt_reason=reason,
            )


def _ended(name: str) -> bool:
    """Whether that process ran on this machine and does so no more."""
    host, _, number = name.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False
