"""`copy-to` as an office uses it: beside the running bot, and every mistake one sentence."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.storage import rows
from bot.storage.database import Database
from simulator.harness import Simulator
from simulator.people import read_roster
from tests.cli.conftest import DATA, Shell, shell_in
from tests.support import databases
from tests.support.process import BotProcess, write_config

PASSWORD = "Pa55-w0rd"


@pytest.fixture
def postgresql() -> str:
    """The address of a PostgreSQL database without any table."""
    return databases.empty_postgresql_url()


def counted(url: str) -> dict[str, rows.Content]:
    database = Database(url)
    try:
        return database.read(
            lambda session: {table.name: rows.content(session, table) for table in rows.tables()}
        )
    finally:
        database.close()


def move(shell: Shell, url: str) -> None:
    """Configure another database."""
    write_config(shell.config, database={"url": url}, log={"level": "ERROR"})


def address(shell: Shell) -> str:
    return f"sqlite:///{shell.folder}/bot.db"


def test_from_sqlite_to_postgresql_and_back(loaded: Shell, postgresql: str, tmp_path: Path) -> None:
    done = loaded("copy-to", postgresql)
    assert (done.code, done.err) == (0, "")
    before = counted(address(loaded))
    total = sum(table.rows for table in before.values())
    first, *next_ = done.out.splitlines()
    assert first == (f"已复制 {len(before)} 张表共 {total} 条记录，逐表核对条数和内容，完全一致。")
    assert [line[:2] for line in next_[1:]] == ["1.", "2.", "3."]
    assert counted(postgresql) == before
    there = shell_in(tmp_path)
    move(there, postgresql)
    assert there.here("copy-to", f"sqlite:///{tmp_path}/back.db").code == 0
    assert counted(f"sqlite:///{tmp_path}/back.db") == before
    asked = ("say", "bangongshi", "第11条 汇总")
    assert there.here(*asked) == loaded.here(*asked)


def test_a_backup_of_postgresql_is_restored_elsewhere_with_every_table(
    loaded: Shell, postgresql: str, tmp_path: Path
) -> None:
    assert loaded.here("copy-to", postgresql).code == 0
    there, back = shell_in(tmp_path / "a"), shell_in(tmp_path / "b")
    move(there, postgresql)
    assert there.here("backup", tmp_path / "all.zip").code == 0
    assert back.here("restore", tmp_path / "all.zip").code == 0
    assert counted(address(back)) == counted(address(loaded))


def test_beside_the_running_bot_while_people_write(postgresql: str, tmp_path: Path) -> None:
    """The bot is a process of its own; what it answered before the copy began is in the copy."""
    office = shell_in(tmp_path)
    for command in (
        ["init"],
        ["import", "plan", DATA / "work-points-2021.txt"],
        ["import", "roster", DATA / "roster-sample.csv"],
    ):
        assert office.here(*command).code == 0
    contacts = [
        one.userid for one in read_roster(DATA / "roster-sample.csv") if one.role == "联络员"
    ]
    ended, answered = threading.Event(), threading.Semaphore(0)
    with (
        Simulator(read_roster(DATA / "roster-sample.csv")) as wecom,
        BotProcess(tmp_path, address(office), wecom.settings()) as bot,
    ):
        bot.start()
        wecom.connect(bot.callback)

        def write(people: list[str]) -> int:
            for count, userid in enumerate(cycle(people), start=1):
                text = f"第11条 推进中，走访部队{count}个"
                assert "已记录" in (wecom.say(userid, text) or "")
                answered.release()
                if ended.is_set():
                    return count
            raise AssertionError

        with ThreadPoolExecutor(2) as pool:
            writing = [pool.submit(write, people) for people in (contacts[::2], contacts[1::2])]
            try:
                for _ in range(6):
                    assert answered.acquire(timeout=30)
                copied = office.here("copy-to", postgresql)
                saved = office.here("backup", tmp_path / "all.zip")
            finally:
                ended.set()
            wanted = sum(future.result(timeout=30) for future in writing)
        assert bot.stop() == 0
    assert (copied.code, saved.code) == (0, 0), (copied, saved)
    assert 6 <= counted(postgresql)["reports"].rows <= wanted
    other = shell_in(tmp_path / "restored")
    assert other.here("restore", tmp_path / "all.zip").code == 0
    assert 6 <= counted(address(other))["reports"].rows <= wanted
    assert counted(address(office))["reports"].rows == wanted


# --- mistakes


def with_password(url: str) -> str:
    return make_url(url).set(password=PASSWORD).render_as_string(hide_password=False)


def test_a_database_with_content_is_refused(loaded: Shell, postgresql: str) -> None:
    assert loaded.here("copy-to", postgresql).code == 0
    before = counted(postgresql)
    said = loaded.here("copy-to", with_password(postgresql)).sentence()
    assert "已经有内容" in said
    assert PASSWORD not in said
    assert counted(postgresql) == before


def test_the_same_database_is_refused(loaded: Shell) -> None:
    odd = f"sqlite:///{loaded.folder}/../{loaded.folder.name}/bot.db"
    for url in (address(loaded), odd):
        assert "正在使用的数据库" in loaded.here("copy-to", url).sentence()


@pytest.mark.parametrize(
    "url",
    [
        "", "bot.db", "postgresql", "mysql://u:{}@h/d", "oracle://u:{}@h/d", "://", "sqlite://",
        "postgresql://u:{}@h:port/d", "postgresql+asyncpg://u:{}@h/d", "postgresql+x://u:{}@h/d",
        "sqlite:////proc/nowhere/x.db",
    ],
)  # fmt: skip
def test_a_wrong_address_is_one_sentence(loaded: Shell, url: str) -> None:
    said = loaded.here("copy-to", url.format(PASSWORD)).sentence()
    assert "目标数据库的地址不对" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:{}@127.0.0.1:1/none",
        "postgresql://u:{}@no-such-host.invalid/none",
        "postgresql://u:{}@127.0.0.1:1/none?sslmode=nonsense",
        "postgresql://u:{}@127.0.0.1:1/none?nonsense=1",
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence(loaded: Shell, url: str) -> None:
    said = loaded.here("copy-to", url.format(PASSWORD)).sentence()
    assert "目标数据库" in said
    assert PASSWORD not in said


def test_a_database_that_is_not_there_is_one_sentence(loaded: Shell, postgresql: str) -> None:
    databases.drop(postgresql)
    said = loaded.here("copy-to", with_password(postgresql)).sentence()
    assert "连不上目标数据库" in said
    assert PASSWORD not in said


def test_a_file_that_is_no_database_is_left_alone(loaded: Shell, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("会议记录" * 500, encoding="utf-8")
    said = loaded.here("copy-to", f"sqlite:///{tmp_path}/notes.db").sentence()
    assert "目标数据库不能使用" in said
    assert (tmp_path / "notes.db").read_text(encoding="utf-8") == "会议记录" * 500


def test_a_database_of_another_program_is_left_alone(loaded: Shell, postgresql: str) -> None:
    other = Database(postgresql)
    with contextlib.closing(other):
        other.run(lambda session: session.connection().exec_driver_sql("CREATE TABLE t (a int)"))
        assert "别的程序的表" in loaded.here("copy-to", postgresql).sentence()


def test_before_init_there_is_nothing_to_copy(empty: Shell, tmp_path: Path) -> None:
    said = empty.here("copy-to", f"sqlite:///{tmp_path}/other.db").sentence()
    assert "python -m bot init" in said
