"""A city's bot on several hosts: PostgreSQL, a WeCom, and as many nodes as a test starts."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.app import Bot
from bot.cli.say import say
from bot.clock import SHANGHAI, ManualClock
from bot.services.reminders import CHASE
from bot.settings import DatabasePart, Settings
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from simulator.harness import Simulator
from tests.support import hosts, units
from tests.support.hosts import Hosts
from tests.support.nodes import Node
from tests.support.postgresql import PostgreSQL

UNITS = 400
MORNING = datetime(2021, 7, 28, 9, 30, tzinfo=SHANGHAI)
CLOCK = ("--start-at", MORNING.isoformat())
"""Nobody is reminded at night."""


@dataclass(frozen=True)
class Ground:
    """What several tests may share: the networks, the database server, and a filled database."""

    hosts: Hosts
    server: PostgreSQL
    template: str


@dataclass(frozen=True)
class City:
    """One test's database and WeCom."""

    hosts: Hosts
    server: PostgreSQL
    simulator: Simulator
    database: Database
    folder: Path

    def node(self, role: str, *options: str) -> Node:
        """Return a node on a host of its own, not started yet."""
        host = self.hosts.add()
        settings = self.simulator.settings()
        return Node(host, role, self.folder, self.database.url, settings, *options)

    def chase(self, points: Sequence[int]) -> None:
        """Let the office ask all units that take part in these points."""
        settings = Settings(database=DatabasePart(url=self.database.url))
        bot = Bot(settings, ManualClock(MORNING))
        try:
            answer = say(bot, units.OFFICE, f"催办 第{'、'.join(map(str, points))}条")
        finally:
            bot.close()
        assert "已向联络员发出" in answer, answer

    def chased(self) -> Counter[str]:
        """Return how many requests for a report are in each state."""
        query = select(OutboxRow.state).where(OutboxRow.kind == CHASE)
        return self.database.read(lambda session: Counter(session.scalars(query)))

    def asked(self) -> Counter[int]:
        """Return how many contacts got how many requests for a report."""
        return Counter(
            sum(text.startswith("【催办 第1次】") for text in self.simulator.pushes(f"u{number}"))
            for number in range(1, UNITS + 1)
        )


@contextmanager
def ground() -> Iterator[Ground]:
    """Lend the networks and a server whose template database holds plan, people and split."""
    with hosts.opened() as network:
        server = PostgreSQL(network.add(hosts.INNER), network.folder / "postgresql")
        server.start()
        server.make_user()
        template = server.create()
        database = Database(server.url(template))
        migrate.upgrade(database)
        database.close()
        units.enter(server.url(template), UNITS)
        yield Ground(network, server, template)


@contextmanager
def city(ground: Ground) -> Iterator[City]:
    """Lend a city of `UNITS` units."""
    name = ground.server.create(ground.template)
    database = Database(ground.server.url(name))
    folder = Path(tempfile.mkdtemp(prefix="bot-city-"))
    try:
        with Simulator(units.people(UNITS), host=ground.hosts.here, pause=0.05) as simulator:
            yield City(ground.hosts, ground.server, simulator, database, folder)
    finally:
        database.close()
        ground.server.drop(name)
        shutil.rmtree(folder)
