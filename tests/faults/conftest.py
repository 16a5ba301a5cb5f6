"""Several hosts, shared by the tests of many nodes: to build them takes seconds."""

from collections.abc import Iterator

import pytest

from tests.support import hosts
from tests.support.city import City, Ground, city, ground


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
