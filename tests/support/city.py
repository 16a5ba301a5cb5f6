"""A city's bot on several hosts: PostgreSQL, a WeCom, and as many nodes as a test starts."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.storage import migrate
from bot.storage.database import Database
from simulator.harness import Simulator
from tests.support import crowd, hosts
from tests.support.hosts import Hosts
from tests.support.nodes import Node
from tests.support.postgresql import PostgreSQL

UNITS = 400


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
        crowd.enter(server.url(template), UNITS)
        yield Ground(network, server, template)


@contextmanager
def city(ground: Ground) -> Iterator[City]:
    """Lend a city of `UNITS` units."""
    name = ground.server.create(ground.template)
    database = Database(ground.server.url(name))
    folder = Path(tempfile.mkdtemp(prefix="bot-city-"))
    try:
        with Simulator(crowd.people(UNITS), host=ground.hosts.here, pause=0.05) as simulator:
            yield City(ground.hosts, ground.server, simulator, database, folder)
    finally:
        database.close()
        ground.server.drop(name)
        shutil.rmtree(folder)
