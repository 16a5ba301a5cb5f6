"""How long PostgreSQL may be out of reach before either side gives the other up."""

from sqlalchemy import URL

POOL_SECONDS = 3
"""How long a call waits for a connection when all are in use."""
_OF_THE_BOT = {
    "connect_timeout": "2",
    "tcp_user_timeout": "2000",
    "keepalives_idle": "2",
    "keepalives_interval": "1",
    "keepalives_count": "2",
}
"""Seconds, and milliseconds: a callback has failed before WeCom's five seconds are over, though it
finds its connection dead and then opens another. Statements are not limited: a backup reads long.
"""
_OF_THE_SERVER = {
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "5000",
}
"""What a node that is cut off leaves open is rolled back before WeCom's last redelivery."""


def bounded(url: URL) -> URL:
    """Return the address with these limits; what it says itself goes before."""
    options = " ".join(f"-c {name}={value}" for name, value in _OF_THE_SERVER.items())
    return url.set(query={**_OF_THE_BOT, "options": options, **url.query})
