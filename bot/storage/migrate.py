"""Brings a database to the newest schema; safe to repeat, safe for several at once.

A migration leaves room for the release before it (it adds, and what is no longer used goes one
release later), so that nodes of both run side by side while one after another is upgraded.
"""

from enum import Enum, auto
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from bot.errors import ConfigError
from bot.storage.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 5_020_210_728
"""Any constant: it keeps two processes from migrating one PostgreSQL database at once."""


class Schema(Enum):
    """How a database's schema stands to this program."""

    CURRENT = auto()
    BEHIND = auto()
    """Missing or older: `init` brings it up to date."""
    UNKNOWN = auto()
    """Made by a newer program, or by another one."""


def upgrade(database: Database) -> None:
    """Create or migrate the schema in one transaction; ConfigError if it is a newer one."""
    with database.engine.begin() as connection:
        if not database.embedded:
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        try:
            command.upgrade(_config(connection), "head")
        except CommandError:
            raise ConfigError(
                "这个数据库是由更新版本的双拥通建的，请先升级程序，或换一个数据库。"
            ) from None


def schema(database: Database) -> Schema:
    """Return how the schema stands to this program."""
    with database.engine.connect().execution_options(reading=True) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory(str(_SCRIPTS))
    if found == scripts.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.BEHIND if found is None or found in known else Schema.UNKNOWN


def current(database: Database) -> bool:
    """Whether the schema is the one that this program was written for."""
    return schema(database) is Schema.CURRENT


def head() -> str:
    """Return the name of the newest schema."""
    found = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    assert found is not None
    return found


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
