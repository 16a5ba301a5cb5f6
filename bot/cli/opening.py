"""Opening the bot for one command, and closing it again afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, OperationalError

from bot.app import Bot
from bot.clock import Clock
from bot.errors import ConfigError
from bot.settings import Settings
from bot.storage import migrate
from bot.storage.migrate import Schema

_REASONS = {
    Schema.BEHIND: "数据库还没有建好或版本较旧，请先运行 python -m bot init。",
    Schema.UNKNOWN: "数据库已由别的版本的双拥通升级过，请把本机的程序也升级到那个版本。",
}


@contextmanager
def opened(
    configured: Settings, clock: Clock | None = None, *, create: bool = False
) -> Iterator[Bot]:
    """Yield the bot; refuse a database that is missing, unreachable or not current.

    With `create` the schema is made or brought up to date first.
    """
    bot = Bot(configured, clock)
    try:
        _prepare(bot, create=create)
        yield bot
    except OperationalError:
        raise ConfigError(
            "连不上数据库，请检查配置项 database.url 和数据库服务是否正常。"
        ) from None
    finally:
        bot.close()


def _prepare(bot: Bot, *, create: bool) -> None:
    try:
        schema = migrate.schema(bot.database)
        if create and schema is not Schema.UNKNOWN:
            bot.migrate()
        elif schema is not Schema.CURRENT:
            raise ConfigError(_REASONS[schema])
    except OperationalError:
        raise
    except DatabaseError:
        raise ConfigError(
            "配置项 database.url 指向的不是双拥通的数据库，或没有建表的权限，请检查。"
        ) from None
