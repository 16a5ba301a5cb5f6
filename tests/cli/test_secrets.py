"""No command shows a secret of the configuration, whether it works or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.harness import Simulator
from tests.cli.conftest import DATA, Shell
from tests.support import databases
from tests.support.process import write_config

PASSWORD = "Pa55-w0rd-of-the-database"
WECOM = {
    "corp_id": "ww0123456789abcdef",
    "agent_id": 1000002,
    "secret": "S3cretOfTheAppS3cretOfTheAppS3cretOfTheApp1",
    "token": "T0kenOfTheCallback",
    "encoding_aes_key": "K3yOfTheCallbackK3yOfTheCallbackK3yOfTheCal",
    "previous_token": "Pr3viousToken",
    "previous_encoding_aes_key": "Pr3viousKeyPr3viousKeyPr3viousKeyPr3viousKe",
}
SECRETS = [PASSWORD, *(str(WECOM[name]) for name in WECOM if "token" in name or "key" in name)]
COMMANDS: list[list[str | Path]] = [
    ["init"],
    ["doctor"],
    ["ask", "第11条"],
    ["say", "linxian", "第11条 已完成，电话13812345678"],
    ["understand", "第11条"],
    ["import", "roster", DATA / "roster-sample.csv"],
    ["calendar", "--year", "2021"],
    ["serve", "--role", "nonsense"],
    ["copy-to", f"postgresql://bot:{PASSWORD}@127.0.0.1:1/none"],
    ["backup", "/nowhere/b.zip"],
    ["restore", "/nowhere/b.zip"],
    ["nonsense"],
]
URLS = {
    "refused": f"postgresql://bot:{PASSWORD}@127.0.0.1:1/none",
    "wrong port": f"postgresql://bot:{PASSWORD}@127.0.0.1:port/none",
    "wrong kind": f"mysql://bot:{PASSWORD}@127.0.0.1/none",
    "wrong option": f"postgresql://bot:{PASSWORD}@127.0.0.1:1/none?x=y",
}


@pytest.fixture(params=["works", *URLS])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    """A configuration full of secrets; WeCom refuses them, and the database may be out of reach."""
    url = URLS.get(request.param) or databases.url("sqlite", tmp_path)
    with Simulator() as wecom:
        part = {**WECOM, "api_base_url": wecom.base_url}
        configured = Shell(tmp_path)
        write_config(configured.config, wecom=part, database={"url": url}, log={"level": "DEBUG"})
        yield configured


def test_no_command_shows_a_secret(shell: Shell) -> None:
    for command in COMMANDS:
        done = shell.here(*command)
        shown = done.out + done.err
        found = [secret for secret in (*SECRETS, str(WECOM["secret"])) if secret in shown]
        assert found == [], (command, shown)
        assert "Traceback" not in done.err


def test_a_wrong_secret_is_named_by_its_key_and_never_shown(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    url = databases.url("sqlite", tmp_path)
    for name, value in (("token", "wrong token!"), ("encoding_aes_key", "too-short-a-key")):
        part = {**WECOM, name: value}
        write_config(shell.config, wecom=part, database={"url": url}, log={"level": "ERROR"})
        done = shell.here("doctor")
        assert f"wecom.{name}" in done.out
        assert value not in done.out + done.err
