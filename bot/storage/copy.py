"""All rows of a database as one portable file, and back into an empty one.

The file is a zip with `manifest.json` and one JSON Lines file a table. Values are written by
type, so that a file made from SQLite can be read into PostgreSQL and the other way round.
"""

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import LargeBinary, Table, func, insert, select, text
from sqlalchemy.orm import Session

from bot.errors import InputError
from bot.storage.base import Moment
from bot.storage.database import Database, OperationalError
from bot.storage.tables import METADATA

FORMAT = 1
LEFT_OUT = {"nodes", "tokens"}
"""Which processes run here, and the access token, which is a secret: no memory of the office."""
_CHUNK = 1000


def save(database: Database, file: Path, revision: str) -> int:
    """Write all rows as they are at one moment, for the owner's eyes only; return how many."""
    partial = file.with_name(f"{file.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            partial.chmod(0o600)
            count = database.snapshot(lambda session: _write_tables(session, archive))
            manifest = {"format": FORMAT, "revision": revision, "rows": count}
            archive.writestr("manifest.json", json.dumps(manifest))
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return count


def load(database: Database, file: Path, revision: str) -> int:
    """Read all rows into a database that holds none; InputError if it is not so."""
    # Whatever is wrong inside the file, the person is told the same thing.
    try:
        with zipfile.ZipFile(file) as archive:
            rows = _promised_rows(archive, file.name, revision)
            return database.run(lambda session: _read_tables(session, archive, rows))
    except (InputError, OperationalError):
        raise
    except FileNotFoundError:
        raise InputError(f"找不到备份文件 {file.name}。")
    except Exception as error:
        raise InputError(f"{file.name} 不是完整的备份文件，没有恢复任何内容。") from error


def _promised_rows(archive: zipfile.ZipFile, name: str, revision: str) -> int:
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT or manifest["revision"] != revision:
        raise InputError(f"备份文件 {name} 是另一个版本的，请用制作它的版本恢复后再升级。")
    return int(manifest["rows"])


def _tables() -> Iterator[Table]:
    return (table for table in METADATA.sorted_tables if table.name not in LEFT_OUT)


def _write_tables(session: Session, archive: zipfile.ZipFile) -> int:
    count = 0
    for table in _tables():
        with archive.open(f"{table.name}.jsonl", "w") as lines:
            for row in session.execute(select(table).order_by(*table.primary_key)).mappings():
                values = {name: _plain(value) for name, value in row.items()}
                lines.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
                count += 1
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _read_tables(session: Session, archive: zipfile.ZipFile, rows: int) -> int:
    for table in _tables():
        if session.scalar(select(func.count()).select_from(table)):
            raise InputError("这个数据库里已经有内容，备份只能恢复到空的数据库里。")
    count = 0
    for table in _tables():
        with archive.open(f"{table.name}.jsonl") as lines:
            count += _insert(session, table, lines)
        _continue_numbering(session, table)
    if count != rows:
        raise ValueError("rows are missing")
    return count


def _insert(session: Session, table: Table, lines: IO[bytes]) -> int:
    count = 0
    chunk: list[dict[str, Any]] = []
    for line in lines:
        values = json.loads(line)
        chunk.append({name: _typed(table, name, value) for name, value in values.items()})
        count += 1
        if len(chunk) >= _CHUNK:
            session.execute(insert(table), chunk)
            chunk = []
    if chunk:
        session.execute(insert(table), chunk)
    return count


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if kind.python_type is date:
        return date.fromisoformat(value)
    return value


def _continue_numbering(session: Session, table: Table) -> None:
    """PostgreSQL numbers new rows from a sequence, which must go on after the highest id."""
    if session.get_bind().dialect.name != "postgresql" or "id" not in table.columns:
        return
    session.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608
            f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
        )
    )
