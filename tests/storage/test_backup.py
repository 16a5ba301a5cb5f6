"""Backup and restore: everything, between kinds of databases, while people go on working."""

import json
import os
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import InputError
from bot.knowledge.articles import read_jsonl
from bot.storage import backup, conversation, migrate, rows
from bot.storage.database import Database
from tests.support import databases
from tests.support.plan import plan_2021
from tests.support.received import receive
from tests.support.use_cases import NOW, UseCases, reporting

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
Rows = dict[str, list[dict[str, Any]]]


def contents(database: Database) -> Rows:
    """Return all rows of all tables that a backup holds."""

    def work(session: Any) -> Rows:
        return {
            table.name: [
                dict(row)
                for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in rows.tables()
        }

    return database.read(work)


@pytest.fixture
def office(use: UseCases) -> UseCases:
    """An office with something in every table that holds an office's memory."""
    use.plan(plan_2021())
    use.roster("临县,县市区,,临小县,linxian,联络员", "双拥办,机关,,办小文,ban,双拥办")
    use.split("11,走访慰问,临县,,2021-08-05,有台账")
    use.report("linxian", "第11条 推进中，走访部队5个，慰问金2.5万元")
    line = '{"id": "a-1", "title": "优待", "text": "军人凭证免费乘车😀。"}'
    passages = read_jsonl(line, "qa.jsonl")
    use(lambda services: services.documents.import_lines(passages, "qa.jsonl", "t"))
    use.split("9,教育优待,临县,,,")
    use(lambda services: services.reminders.chase(services.people.identify("ban"), 9))
    use(lambda services: services.reminders.plan(NOW))
    use(lambda services: receive(services.session, "k", bytes(range(256))))
    use(lambda services: conversation.create(services.session, "linxian", NOW))
    return use


@pytest.fixture
def other(office: UseCases, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the other kind."""
    kind = OTHER["sqlite" if office.database.embedded else "postgresql"]
    with databases.fresh(kind, tmp_path) as fresh:
        yield fresh


def saved(database: Database, file: Path) -> Path:
    backup.save(database, file, migrate.head())
    return file


def test_everything_comes_back_in_the_other_kind_of_database(
    office: UseCases, other: Database, tmp_path: Path
) -> None:
    file = saved(office.database, tmp_path / "backup.zip")
    count = backup.load(other, file, migrate.head())
    before = contents(office.database)
    assert contents(other) == before
    assert count == sum(map(len, before.values()))
    filled = {name for name, rows in before.items() if rows}
    assert {"reports", "outbox", "reminders", "passages", "inbox", "audit"} <= filled


def test_the_office_works_on_after_a_restore(
    office: UseCases, other: Database, tmp_path: Path
) -> None:
    backup.load(other, saved(office.database, tmp_path / "backup.zip"), migrate.head())
    restored = UseCases(other)
    assert restored.report("linxian", "第11条 已完成") == 2
    assert restored.roster("方山县,县市区,,方小山,fangshan,联络员").changed == 2
    assert restored.plan(plan_2021()).changed == ()


def test_the_backup_is_of_one_moment_though_people_go_on_writing(
    office: UseCases, other: Database, tmp_path: Path
) -> None:
    with reporting(office) as written:
        for turn in range(3):
            assert written.acquire(timeout=20)
            file = saved(office.database, tmp_path / f"{turn}.zip")
    backup.load(other, file, migrate.head())
    copied = contents(other)
    booked = {row["id"] for row in copied["reports"]}
    audited = {row["detail"]["report"] for row in copied["audit"] if row["action"] == "report.book"}
    assert booked == audited, "a report and its trace are one transaction"


def test_the_access_token_stays_behind(office: UseCases, tmp_path: Path) -> None:
    with zipfile.ZipFile(saved(office.database, tmp_path / "backup.zip")) as archive:
        assert "tokens.jsonl" not in archive.namelist()


def test_a_database_with_content_is_not_restored_into(office: UseCases, tmp_path: Path) -> None:
    file = saved(office.database, tmp_path / "backup.zip")
    before = contents(office.database)
    with pytest.raises(InputError, match="已经有内容"):
        backup.load(office.database, file, migrate.head())
    assert contents(office.database) == before


def test_a_backup_of_another_version_is_refused(sqlite: Database, tmp_path: Path) -> None:
    backup.save(sqlite, tmp_path / "old.zip", "0000")
    with pytest.raises(InputError, match="另一个版本"):
        backup.load(sqlite, tmp_path / "old.zip", migrate.head())


def test_a_failed_backup_leaves_no_file(sqlite: Database, tmp_path: Path) -> None:
    sqlite.run(lambda session: session.connection().exec_driver_sql("DROP TABLE ticks"))
    with pytest.raises(Exception, match="ticks"):
        backup.save(sqlite, tmp_path / "backup.zip", migrate.head())
    assert not list(tmp_path.glob("backup*"))


def test_a_backup_is_for_its_owner_only(sqlite: Database, tmp_path: Path) -> None:
    assert saved(sqlite, tmp_path / "backup.zip").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("table", ["reports", "work_points", "audit"])
def test_a_changed_byte_is_noticed(
    office: UseCases, other: Database, tmp_path: Path, table: str
) -> None:
    file = saved(office.database, tmp_path / "backup.zip")
    with zipfile.ZipFile(file) as archive:
        begin = archive.getinfo(f"{table}.jsonl").header_offset
    content = bytearray(file.read_bytes())
    content[begin + 120] ^= 0x10
    file.write_bytes(content)
    with pytest.raises(InputError, match="不是完整的备份文件"):
        backup.load(other, file, migrate.head())
    assert not any(contents(other).values())


def rewritten(**parts: bytes | None) -> Callable[[Path], None]:
    """Return what replaces (or, with None, removes) parts of the archive."""

    def spoil(file: Path) -> None:
        with zipfile.ZipFile(file) as archive:
            old = {name: archive.read(name) for name in archive.namelist()}
        everything = {**old, **{name.replace("_", ".", 1): new for name, new in parts.items()}}
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in everything.items():
                if content is not None:
                    archive.writestr(name, content)

    return spoil


def cut_off(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def no_archive(file: Path) -> None:
    file.write_text("备份", encoding="utf-8")


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def added(name: str) -> Callable[[Path], None]:
    """Return what puts one more file into the archive."""

    def spoil(file: Path) -> None:
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(name, "x")

    return spoil


def with_rows(rows_: int, lines_: Iterable[bytes]) -> Callable[[Path], None]:
    """Return what fills the people's table with these lines, well compressed."""

    def spoil(file: Path) -> None:
        rewritten(
            people_jsonl=None, manifest_json=json.dumps({**MANIFEST, "rows": rows_}).encode()
        )(file)
        with (
            zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
            archive.open("people.jsonl", "w", force_zip64=True) as content,
        ):
            for line in lines_:
                content.write(line)

    return spoil


MANIFEST = {"format": backup.FORMAT, "revision": migrate.head()}
SPOILT: dict[str, Callable[[Path], None]] = {
    "empty": lambda file: os.truncate(file, 0),
    "no archive": no_archive,
    "cut off": cut_off,
    "a folder": a_folder,
    "absent": lambda file: file.unlink(),
    "no manifest": rewritten(manifest_json=None),
    "manifest without number": rewritten(manifest_json=json.dumps(MANIFEST).encode()),
    "manifest no object": rewritten(manifest_json=b"[]"),
    "a table missing": rewritten(units_jsonl=None),
    "rows missing": rewritten(manifest_json=json.dumps({**MANIFEST, "rows": 1}).encode()),
    "no JSON": rewritten(units_jsonl=b"units\n"),
    "no object": rewritten(units_jsonl=lines([1, 2])),
    "unknown column": rewritten(units_jsonl=lines({"id": 1, "colour": "red"})),
    "too few columns": rewritten(units_jsonl=lines({"id": 1})),
    "wrong type": rewritten(units_jsonl=lines({"id": "x", "name": [1], "category": {}})),
    "twice the same": rewritten(
        units_jsonl=lines(*[{"id": 1, "name": "a", "category": "b", "parent": None}] * 2)
    ),
    "a name that leads elsewhere": added("../../etc/cron.d/bot"),
    "an absolute name": added("/etc/cron.d/bot"),
    "one table twice": added("units.jsonl"),
    "another file": added("readme.txt"),
    "a manifest without end": rewritten(manifest_json=b" " * 9_000_000),
    "a manifest too deep": rewritten(manifest_json=b"[" * 4_000),
    "a row without end": with_rows(1, repeat(b"x" * 1_000_000, 40)),
    "a row too deep": with_rows(1, [b"[" * 200_000]),
    "more rows than promised": with_rows(1, repeat(lines({"id": 1, "name": "a"}), 500_000)),
    "a number too long": with_rows(1, [b'{"id": ' + b"9" * 5_000 + b"}"]),
    "a number too large": with_rows(1, [b'{"id": ' + b"9" * 40 + b"}"]),
    "no moment": rewritten(
        conversations_jsonl=lines({"userid": "a", "state": "", "data": {}, "updated_at": 7})
    ),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_broken_file_is_one_sentence_and_restores_nothing(
    database: Database, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    file = saved(database, tmp_path / "backup.zip")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a name that is there already
        spoil(file)
    tracemalloc.start()
    with pytest.raises(InputError) as raised:
        backup.load(database, file, migrate.head())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000, "whatever it unpacks to, little of it is in memory"
    assert "backup.zip" in str(raised.value)
    assert not any(contents(database).values())


def test_a_restore_that_breaks_halfway_leaves_nothing(
    office: UseCases, other: Database, tmp_path: Path
) -> None:
    file = saved(office.database, tmp_path / "backup.zip")
    databases.refuse_inserts(other, "reports")
    with pytest.raises(InputError, match="没有恢复任何内容"):
        backup.load(other, file, migrate.head())
    assert not other.read(rows.anywhere)
