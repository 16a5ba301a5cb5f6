"""All rows of a database as one portable file, and back into an empty one.

The file is a zip with `manifest.json` and one JSON Lines file a table. Values are written by
type, so that a file made from SQLite can be read into PostgreSQL and the other way round.

Nothing is unpacked to the disk, and no more than a piece of a table is ever in memory: a file
that unpacks to gigabytes is refused at its first line that is too long or its first row too many.
"""

import base64
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import LargeBinary, Table
from sqlalchemy.orm import Session

from bot.errors import InputError
from bot.storage import rows
from bot.storage.base import Moment
from bot.storage.database import Database, OperationalError
from bot.storage.rows import Row

FORMAT = 1
LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one row at most; the largest real one, a message of a megabyte, has less than two."""
_MANIFEST = "manifest.json"
_LONGEST_MANIFEST = 4096


def save(database: Database, file: Path, revision: str) -> int:
    """Write all rows as they are at one moment, for the owner's eyes only; return how many."""
    partial = file.with_name(f"{file.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            partial.chmod(0o600)
            count = database.snapshot(lambda session: _write_tables(session, archive))
            manifest = {"format": FORMAT, "revision": revision, "rows": count}
            archive.writestr(_MANIFEST, json.dumps(manifest))
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return count


def load(database: Database, file: Path, revision: str) -> int:
    """Read all rows into a database that holds none; InputError if it is not so."""
    # Whatever is wrong inside the file, the person is told the same thing.
    try:
        with zipfile.ZipFile(file) as archive:
            promised = _promised_rows(archive, file.name, revision)
            return database.run(lambda session: _read_tables(session, archive, promised))
    except (InputError, OperationalError):
        raise
    except FileNotFoundError:
        raise InputError(f"找不到备份文件 {file.name}。")
    except Exception as error:
        raise InputError(f"{file.name} 不是完整的备份文件，没有恢复任何内容。") from error


def _promised_rows(archive: zipfile.ZipFile, name: str, revision: str) -> int:
    with archive.open(_MANIFEST) as content:
        manifest = json.loads(content.read(_LONGEST_MANIFEST))
    if manifest["format"] != FORMAT or manifest["revision"] != revision:
        raise InputError(f"备份文件 {name} 是另一个版本的，请用制作它的版本恢复后再升级。")
    if sorted(archive.namelist()) != sorted([_MANIFEST, *map(_member, rows.tables())]):
        raise ValueError("other files are in it")
    return int(manifest["rows"])


def _member(table: Table) -> str:
    return f"{table.name}.jsonl"


def _write_tables(session: Session, archive: zipfile.ZipFile) -> int:
    count = 0
    for table in rows.tables():
        with archive.open(_member(table), "w") as lines:
            for row in rows.of(session, table):
                values = {name: _plain(value) for name, value in row.items()}
                lines.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
                count += 1
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _read_tables(session: Session, archive: zipfile.ZipFile, promised: int) -> int:
    rows.keep_others_out(session)
    if rows.anywhere(session):
        raise InputError("这个数据库里已经有内容，备份只能恢复到空的数据库里。")
    count = 0
    for table in rows.tables():
        with archive.open(_member(table)) as lines:
            for piece in _pieces(table, lines):
                count += len(piece)
                if count > promised:
                    raise ValueError("rows were added")
                rows.put(session, table, piece)
        rows.continue_numbering(session, table)
    if count != promised:
        raise ValueError("rows are missing")
    return count


def _pieces(table: Table, lines: IO[bytes]) -> Iterator[list[Row]]:
    """Yield the rows in pieces that are bounded in number and in size."""
    piece: list[Row] = []
    size = 0
    while line := lines.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ValueError("a row is too long")
        values = json.loads(line)
        piece.append({name: _typed(table, name, value) for name, value in values.items()})
        size += len(line)
        if len(piece) >= rows.PIECE or size > LONGEST_LINE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


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
