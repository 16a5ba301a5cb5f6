"""Several hosts, shared by the tests of many nodes: to build them takes seconds. And a town."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.harness import Simulator
from tests.support import databases, hosts
from tests.support.city import City, Ground, city, ground
from tests.support.process import BotProcess
from tests.support.town import running, town


@pytest.fixture(scope="session")
def shared() -> Iterator[Ground]:
    """The networks and the database server; skips where there can be no hosts."""
    if reason := hosts.missing():
        pytest.skip(reason)
    with ground() as lent:
        yield lent


@pytest.fixture
def bots(shared: Ground) -> Iterator[City]:
    """A city with its own database and WeCom, and no node yet."""
    with city(shared) as lent:
        yield lent


@pytest.fixture(params=databases.KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The database of a town of 1,000 contacts, on each kind."""
    address = town(request.param, tmp_path)
    yield address
    if request.param == "postgresql":
        databases.drop(address)


@pytest.fixture
def wecom(url: str, tmp_path: Path) -> Iterator[tuple[Simulator, BotProcess]]:
    """The town's WeCom and its bot, which is not started yet."""
    with running(url, tmp_path) as both:
        yield both
