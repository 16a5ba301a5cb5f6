"""Years of stored messages, made quickly: what the office would have after them."""

from datetime import timedelta

from sqlalchemy import Connection, text

from bench.backlog import BEFORE, UNITS
from bot.app import Bot

PARTS = (
    ("inbox", 0.5),
    ("outbox", 0.5),
    ("reports", 0.25),
    ("reminders", 0.25),
    ("audit", 0.25),
)
"""Tables, and how many rows each gets for a stored message."""
_MINUTES = timedelta(days=3 * 365) / timedelta(minutes=1)
_OLDEST = (BEFORE - timedelta(days=3 * 365 + 30)).replace(tzinfo=None)
_SERIES = {
    "sqlite": (
        "WITH RECURSIVE series(n) AS "
        "(SELECT :first UNION ALL SELECT n + 1 FROM series WHERE n < :last) "
    ),
    "postgresql": (
        "WITH series(n) AS (SELECT generate_series(CAST(:first AS integer), "
        "CAST(:last AS integer))) "
    ),
}
_MOMENT = {
    "sqlite": f"datetime('{_OLDEST}', '+' || (n % {_MINUTES:.0f}) || ' minutes') || '.000000'",
    "postgresql": f"timestamptz '{_OLDEST}+00' + (n % {_MINUTES:.0f}) * interval '1 minute'",
}
_PERSON = "'contact-' || (n % :people)"
_INSERTS = {
    "inbox": (
        "INSERT INTO inbox (key, userid, kind, plaintext, received_at, state, answer, reference) "
        "{series} SELECT 'old:' || n, {person}, 'text', {bytes}, {moment}, 'handled', '{{}}', '' "
        "FROM series"
    ),
    "outbox": (
        "INSERT INTO outbox (key, touser, kind, facts, due_at, state, attempts, lease_holder, "
        "lease_until, errcode, error, msgid, response_code, created_at, ended_at) "
        "{series} SELECT 'old:' || n, {person}, 'holiday', '{{}}', {moment}, 'sent', 0, '', "
        "{moment}, 0, '', 'm' || n, '', {moment}, {moment} FROM series"
    ),
    "reports": (
        "INSERT INTO reports (assignment_id, userid, reporter, text, status, figures, difficulty, "
        "late, reported_at, valid, ended_as) "
        "{series} SELECT 1 + n % {units}, {person}, '联络员', '已完成', 'done', '{{}}', '', "
        "{false}, {moment}, {true}, '' FROM series"
    ),
    "reminders": (
        "INSERT INTO reminders (rule, period, userid, subject, due_at, made_at) "
        "{series} SELECT 'deadline:old', CAST(n AS varchar), {person}, 'assignment:1', "
        "{moment}, {moment} FROM series"
    ),
    "audit": (
        "INSERT INTO audit (at, actor, action, subject, reason, detail) "
        "{series} SELECT {moment}, {person}, 'report.book', 'assignment:' || n, '', '{{}}' "
        "FROM series"
    ),
}


def grow(bot: Bot, people: int, before: int, after: int) -> None:
    """Add what turns `before` stored messages into `after`."""
    dialect = bot.database.engine.dialect.name
    with bot.database.engine.begin() as connection:
        for table, share in PARTS:
            _add(connection, dialect, table, (int(before * share), int(after * share), people))
    with bot.database.engine.connect() as connection:
        if dialect == "postgresql":  # as autovacuum does soon after
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("VACUUM ANALYZE"))


def _add(connection: Connection, dialect: str, table: str, size: tuple[int, int, int]) -> None:
    before, after, people = size
    lite = dialect == "sqlite"
    statement = _INSERTS[table].format(
        series=_SERIES[dialect],
        moment=_MOMENT[dialect],
        person=_PERSON,
        units=UNITS,
        bytes="x'00'" if lite else "'\\x00'",
        true="1" if lite else "true",
        false="0" if lite else "false",
    )
    values = {"first": before, "last": after - 1, "people": people}
    connection.execute(text(statement), values)
