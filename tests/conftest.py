"""Fixtures that many tests share; what they need is made in `tests/support`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.support import databases
from tests.support.office import Office, open_office


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the newest schema: once SQLite, once PostgreSQL."""
    with databases.fresh(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, for tests that the kind of database does not matter to."""
    with databases.fresh("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture(params=databases.KINDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The bot behind real HTTP with the sample content, once on each kind of database."""
    with open_office(request.param, tmp_path) as opened:
        opened.load_samples()
        yield opened
