"""What goes wrong at a terminal: one Chinese sentence each, and never a traceback.

These run in this process, through the same entry as `python -m bot`.
"""

import io
import re
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import cli
from tests.support import databases
from tests.support.process import write_config

Run = Callable[..., str]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(
        tmp_path / "config.toml",
        database={"url": databases.url("sqlite", tmp_path)},
        log={"level": "ERROR"},
    )


@pytest.fixture
def sentence(config: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that cannot be done, and return the sentence that it leaves."""

    def run(*arguments: str | Path, config: Path = config) -> str:
        code = cli.main(["--config", str(config), *map(str, arguments)])
        said = capsys.readouterr()
        assert (code, said.out) == (1, ""), said
        assert CHINESE.search(said.err), said.err
        assert "Traceback" not in said.err
        return said.err.strip()

    return run


def database_at(tmp_path: Path, url: str) -> Path:
    return write_config(tmp_path / "other.toml", database={"url": url}, log={"level": "ERROR"})


# --- databases


def test_a_file_that_is_no_database(sentence: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("这不是数据库，只是一份普通的文字。" * 100)
    config = database_at(tmp_path, f"sqlite:///{tmp_path}/notes.db")
    for command in (["init"], ["say", "linxian", "你好"], ["backup", tmp_path / "b.zip"]):
        assert "database.url" in sentence(*command, config=config)


def test_a_folder_where_the_database_should_be(sentence: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    config = database_at(tmp_path, f"sqlite:///{tmp_path}/folder.db")
    assert "database.url" in sentence("init", config=config)


def test_a_database_server_that_is_not_there(sentence: Run, tmp_path: Path) -> None:
    config = database_at(tmp_path, "postgresql://nobody@127.0.0.1:1/none")
    for command in (["init"], ["ask", "第11条"]):
        assert "连不上数据库" in sentence(*command, config=config)


def test_a_database_on_the_server_that_does_not_exist(sentence: Run, tmp_path: Path) -> None:
    url = databases.empty_postgresql_url()
    databases.drop(url)
    assert "连不上数据库" in sentence("init", config=database_at(tmp_path, url))


@pytest.mark.parametrize("command", [["ask", "x"], ["import", "roster"], ["serve"], ["backup"]])
def test_before_init(sentence: Run, tmp_path: Path, command: list[str | Path]) -> None:
    data = Path(__file__).parents[2] / "data" / "roster-sample.csv"
    more = {"roster": [data], "backup": [tmp_path / "b.zip"]}.get(str(command[-1]), [])
    config = database_at(tmp_path, f"sqlite:///{tmp_path}/new.db")
    assert "python -m bot init" in sentence(*command, *more, config=config)


def test_a_database_that_a_newer_release_has_upgraded(sentence: Run, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "newer.db")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('of the next release')")
    newer = database_at(tmp_path, f"sqlite:///{tmp_path}/newer.db")
    for command in (["init"], ["serve"], ["ask", "第11条"]):
        assert "也升级到那个版本" in sentence(*command, config=newer)


# --- configuration


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"office = 1", b"[office]\nname = 3"])
def test_an_unreadable_configuration(sentence: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.toml").write_bytes(content)
    assert "bad.toml" in sentence("init", config=tmp_path / "bad.toml")


@pytest.mark.parametrize("name", ["", "folder", "x" * 300])
def test_a_configuration_that_is_no_file(sentence: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert "找不到配置文件" in sentence("init", config=tmp_path / name)


# --- files

NO_ZIP = b"PK\x03\x04 and nothing more"


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("plan", "a.docx", NO_ZIP),
        ("plan", "a.docx", zipped("other.xml")),
        ("plan", "a.pdf", b"%PDF-1.4\nnonsense"),
        ("plan", "a.txt", b"\x00\x01\x02"),
        ("roster", "a.xlsx", NO_ZIP),
        ("roster", "a.xlsx", zipped("xl/workbook.xml")),
        ("roster", "a.csv", b""),
        ("roster", "a.csv", "单位,姓名\n".encode()),
        ("roster", "a.csv", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
        ("assignments", "a.csv", b"\xff\xff\xff"),
        ("assignments", "a.xlsx", zipped("x")),
        ("policy", "a.md", b""),
        ("policy", "a.jsonl", b"{}\n"),
        ("policy", "a.jsonl", b"[1]\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    sentence: Run, tmp_path: Path, kind: str, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert name in sentence("import", kind, file)


NOTICE_OF_NO_YEAR = "元旦：1月1日至3日放假，共3天。"
WRONG_WEEKDAY = """国务院办公厅关于2030年部分节假日安排的通知
一、元旦：2030年1月1日（周日）放假，共1天。"""


@pytest.mark.parametrize("content", ["明天放假", "a,b\n1,2\n", NOTICE_OF_NO_YEAR, WRONG_WEEKDAY])
def test_a_notice_that_cannot_be_right(sentence: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text(content, encoding="utf-8")
    assert re.search("年份|通知|读不懂|星期|周", sentence("import", "calendar", tmp_path / "a.txt"))


@pytest.mark.parametrize("kind", ["plan", "roster", "assignments", "policy", "calendar"])
@pytest.mark.parametrize("name", ["folder.csv", "absent.csv", "x" * 300 + ".csv", "a/b.csv"])
def test_a_file_that_is_not_there(sentence: Run, tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "a").write_text("")
    assert name.rsplit("/", maxsplit=1)[-1][:20] in sentence("import", kind, tmp_path / name)


@pytest.mark.parametrize("name", ["no/such/folder.zip", "file/b.zip", "x" * 300])
def test_a_backup_that_cannot_be_written(sentence: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    assert "写不了文件" in sentence("backup", tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} >= {"file", "config.toml"}


@pytest.mark.parametrize("name", ["absent.zip", "folder", "x" * 300])
def test_a_backup_that_cannot_be_read(sentence: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert name in sentence("restore", tmp_path / name)


# --- words


@pytest.fixture
def bytes_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Let the next command read these bytes from its input."""

    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))

    return give


COMMANDS = (["ask", "-"], ["understand", "-"], ["when", "-"], ["say", "linxian"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_input_that_is_no_text(
    sentence: Run, bytes_in: Callable[[bytes], None], command: list[str]
) -> None:
    bytes_in("第11条".encode("gb18030"))
    assert "UTF-8" in sentence(*command)


@pytest.mark.parametrize(
    "command", [["ask", "--json"], ["understand", "--json"], ["when", "--json"], ["say", "linxian"]]
)
def test_an_argument_that_is_no_text(sentence: Run, command: list[str]) -> None:
    """Bytes that are no UTF-8 arrive in arguments as lone surrogates."""
    assert "UTF-8" in sentence(*command, "\udcff\udcfe")


@pytest.mark.parametrize("userid", ["", "  "])
def test_nobody_cannot_speak(sentence: Run, userid: str) -> None:
    assert "账号" in sentence("say", userid, "帮助")


@pytest.mark.parametrize(
    "moment", ["", "昨天", "2021-13-01", "2021-07-18T25:00", "9999-12-31T23:59", "0001-01-01"]
)
def test_a_moment_that_is_none(sentence: Run, moment: str) -> None:
    assert "--start-at" in sentence("serve", "--start-at", moment)
    assert "--base" in sentence("when", "--base", moment, "明天")


@pytest.mark.parametrize("year", ["1800", "99999999999", "-1", "0"])
def test_a_year_that_no_calendar_has(sentence: Run, year: str) -> None:
    assert "年份" in sentence("calendar", "--year", year)


# --- what only tests may do


@pytest.mark.parametrize("setting", ["claim.taken", "claim.taken:0", "claim.taken:x", "no.point:1"])
def test_a_fault_point_that_is_none(
    sentence: Run, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("BOT_FAULT_POINT", setting)
    assert "BOT_FAULT_POINT 只供测试使用" in sentence("doctor")


def test_a_fault_point_in_an_office(sentence: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_FAULT_POINT", "claim.taken:1")
    assert "只能在连接本机模拟器时使用" in sentence("doctor")
