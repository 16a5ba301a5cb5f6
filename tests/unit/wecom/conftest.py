from collections.abc import Callable, Iterator

import pytest

from bot.clock import Clock
from bot.wecom.account import Account
from bot.wecom.client import WeComClient
from tests.unit.wecom.endpoint import Endpoint, running
from tests.unit.wecom.store import MemoryStore

SECRET = "s3cret-of-the-app-0123456789"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with running() as started:
        yield started


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def connect(endpoint: Endpoint, store: MemoryStore) -> Callable[[], WeComClient]:
    """Makes clients as separate processes would: nothing in common but the store."""

    return lambda: WeComClient(_account(endpoint), store, Clock())


@pytest.fixture
def hasty(endpoint: Endpoint, store: MemoryStore) -> WeComClient:
    """A client that waits only 0.2 s for an answer, for the tests in which none comes."""
    return WeComClient(_account(endpoint), store, Clock(), timeout=(3.0, 0.2))


def _account(endpoint: Endpoint) -> Account:
    return Account("ww6a112864f8022910", 1000002, SECRET, endpoint.url)


@pytest.fixture
def client(connect: Callable[[], WeComClient]) -> WeComClient:
    return connect()
