"""The demo's folder and what it needs from the machine."""

import socket
import tomllib
from pathlib import Path

import pytest

from simulator.folder import Folder, FolderBusy, corp_of, locked, write_config
from simulator.people import STRANGER, RosterError, read_roster
from simulator.ports import free_port
from simulator.store import StoreError

ROSTER = "单位,单位类别,上级单位,姓名,企业微信账号,角色\n临县,县市区,,李芳,LiFang,联络员\n"


def test_the_secrets_are_made_once_and_are_nobody_elses_business(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    corp = corp_of(folder)
    assert corp_of(folder) == corp
    write_config(folder, corp.settings("http://127.0.0.1:8100"), 8101)
    config = tomllib.loads(folder.config.read_text(encoding="utf-8"))
    assert config["wecom"]["secret"] == corp.secret
    assert config["wecom"]["agent_id"] == corp.agent_id
    assert config["server"]["port"] == 8101
    assert [path.stat().st_mode & 0o077 for path in (folder.config, folder.secrets)] == [0, 0]


def test_damaged_secrets_are_named(tmp_path: Path) -> None:
    (tmp_path / "corp.json").write_text('{"corp": 1}', encoding="utf-8")
    with pytest.raises(StoreError, match="已损坏"):
        corp_of(Folder(tmp_path))


def test_a_second_demo_is_led_to_the_first(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with locked(folder) as address:
        print("http://127.0.0.1:8100/", end="", file=address, flush=True)
        with pytest.raises(FolderBusy, match=r"已经在运行，聊天页：http://127\.0\.0\.1:8100/"):
            locked(folder).__enter__()
    with locked(folder):
        assert folder.lock.read_text(encoding="utf-8") == ""


def test_a_busy_port_gives_way_to_a_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        busy = other.getsockname()[1]
        assert free_port(busy) != busy


def test_a_roster_is_read_and_a_stranger_joins(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("\ufeff" + ROSTER, encoding="utf-8")
    li, stranger = read_roster(path)
    assert (li.userid, li.unit, li.role) == ("LiFang", "临县", "联络员")
    assert stranger is STRANGER


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "姓名\n李芳\n".encode()])
def test_a_roster_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(RosterError, match=r"roster\.csv"):
        read_roster(path)
