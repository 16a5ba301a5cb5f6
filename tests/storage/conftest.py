"""What the tests of stored things start from."""

import pytest

from bot.storage.database import Database
from tests.support.use_cases import UseCases


@pytest.fixture
def use(database: Database) -> UseCases:
    """The services on an empty database: once SQLite, once PostgreSQL."""
    return UseCases(database)
