"""WeCom's access token, shared by all processes through the database."""

from datetime import datetime

from bot.storage import tokens
from bot.storage.database import Database
from bot.wecom.tokens import Token


class DatabaseTokens:
    """The `TokenStore` of `bot.wecom.tokens`; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, key: str) -> Token | None:
        """Return what was saved last and not dropped."""
        found = self._database.read(lambda session: tokens.load(session, key))
        return None if found is None else Token(*found)

    def try_lease(self, key: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the right to refresh, unless another holder's lease runs at `now`."""
        return self._database.run(
            lambda session: tokens.try_lease(session, key, holder, now, until)
        )

    def save(self, key: str, token: Token) -> None:
        """Keep `token` for everyone, and end the lease."""
        self._database.run(lambda session: tokens.save(session, key, token.value, token.expires_at))

    def drop(self, key: str, value: str) -> None:
        """Forget exactly this token."""
        self._database.run(lambda session: tokens.drop(session, key, value))
