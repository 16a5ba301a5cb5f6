"""`doctor`: each thing that keeps the bot from working is found, with what to do about it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot import cli
from bot.app import Bot
from bot.settings import DATA, DatabasePart, Settings, WeCom
from bot.storage import findings, nodes, ticks
from simulator.faults import Effect
from simulator.harness import Simulator
from tests.support import databases
from tests.support.process import write_config

LINE = re.compile(r"^\[(正常|提示|问题)\] ([a-z.]+) (.+?)(?: → (.+))?$")
Findings = dict[str, tuple[str, str, str]]
"""By id: the mark, the reason, and what to do."""
Doctor = Callable[..., tuple[int, Findings]]


@pytest.fixture
def wecom() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def url(tmp_path: Path) -> str:
    return databases.url("sqlite", tmp_path)


@pytest.fixture
def doctor(
    tmp_path: Path, wecom: Simulator, url: str, capsys: pytest.CaptureFixture[str]
) -> Doctor:
    """Run it with some settings of WeCom or of the database changed."""

    def run(database: str = url, **changes: object) -> tuple[int, Findings]:
        config = write_config(
            tmp_path / "config.toml",
            wecom={**wecom.settings(), **changes},
            database={"url": database},
            log={"level": "ERROR"},
        )
        capsys.readouterr()
        code = cli.main(["--config", str(config), "doctor"])
        *lines, last = capsys.readouterr().out.splitlines()
        found = [LINE.match(line) for line in lines]
        assert all(found), lines
        findings = {one[2]: (one[1], one[3], one[4] or "") for one in found if one}
        bad = sum(mark == "问题" for mark, _, _ in findings.values())
        assert code == (1 if bad else 0)
        assert str(bad) in last if bad else "没有发现问题" in last
        return code, findings

    return run


@pytest.fixture
def filled(url: str, tmp_path: Path) -> str:
    """A database with everything that is shipped as a sample."""
    config = write_config(tmp_path / "filling.toml", database={"url": url})
    for kind, name in (
        ("plan", "work-points-2021.txt"),
        ("roster", "roster-sample.csv"),
        ("assignments", "assignments-sample.csv"),
    ):
        assert cli.main(["--config", str(config), "import", kind, str(DATA / name)]) == 0
    return url


def test_all_is_well(doctor: Doctor, filled: str) -> None:
    code, findings = doctor(filled)
    assert code == 0
    assert list(findings) == [
        "config.wecom",
        "database",
        "clock",
        "worker",
        "sending",
        "audit",
        "content.plan",
        "content.roster",
        "content.assignments",
        "content.calendar",
        "wecom.token",
    ]
    assert "问题" not in {mark for mark, _, _ in findings.values()}
    assert "20 条" in findings["content.plan"][1]
    assert "联络员 37 人" in findings["content.roster"][1]


def test_nothing_was_entered_yet(doctor: Doctor) -> None:
    code, findings = doctor()
    assert code == 1
    for name, mark in (("plan", "问题"), ("roster", "问题"), ("assignments", "提示")):
        found = findings[f"content.{name}"]
        assert found[0] == mark
        assert f"python -m bot import {name}" in found[2]


@pytest.mark.parametrize("key", ["corp_id", "agent_id", "secret", "token", "encoding_aes_key"])
def test_a_key_that_was_not_filled_in_is_named(doctor: Doctor, key: str) -> None:
    _, findings = doctor(**{key: 0 if key == "agent_id" else ""})
    assert findings["config.wecom"][0] == "问题"
    assert f"wecom.{key}" in findings["config.wecom"][1]
    assert "wecom.token" not in findings, "nothing is asked of WeCom with half a configuration"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token", "with blanks"),
        ("encoding_aes_key", "x" * 42),
        ("encoding_aes_key", "密" * 43),
    ],
)
def test_a_key_of_the_wrong_form_is_named_and_not_shown(
    doctor: Doctor, key: str, value: str
) -> None:
    _, findings = doctor(**{key: value})
    mark, reason, _ = findings["config.wecom"]
    assert mark == "问题"
    assert f"wecom.{key}" in reason
    assert value not in reason


@pytest.mark.parametrize(
    "address", ["sqlite:///{folder}/new.db", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_a_database_that_is_not_ready(doctor: Doctor, tmp_path: Path, address: str) -> None:
    _, findings = doctor(address.format(folder=tmp_path))
    mark, _, todo = findings["database"]
    assert mark == "问题"
    assert "python -m bot init" in todo or "database.url" in todo
    assert not any(name.startswith("content") for name in findings)


def test_a_wrong_secret(doctor: Doctor, filled: str) -> None:
    code, findings = doctor(filled, secret="wrong")
    assert code == 1
    mark, reason, _ = findings["wecom.token"]
    assert mark == "问题"
    assert "ecret" in reason
    assert "wrong" not in reason


@pytest.mark.parametrize(
    ("effect", "value", "said"),
    [
        (Effect.ERRCODE, 60020, "可信 ?IP|IP"),
        (Effect.ERRCODE, 40013, "企业 ?ID|corp_id"),
        (Effect.HTTP, 502, "企业微信"),
        (Effect.REFUSE, 0, "企业微信"),
    ],
)
def test_wecom_says_no(
    doctor: Doctor, filled: str, wecom: Simulator, effect: Effect, value: int, said: str
) -> None:
    wecom.faults.set("gettoken", effect, value, times=None)
    code, findings = doctor(filled)
    assert code == 1
    mark, reason, todo = findings["wecom.token"]
    assert mark == "问题"
    assert re.search(said, reason)
    assert todo


def test_an_address_where_nobody_answers(doctor: Doctor, filled: str) -> None:
    code, findings = doctor(filled, api_base_url="http://127.0.0.1:1")
    assert code == 1
    assert findings["wecom.token"][0] == "问题"


@pytest.fixture
def office(tmp_path: Path, wecom: Simulator, filled: str) -> Iterator[Bot]:
    """The bot at work on the database that doctor looks at."""
    bot = Bot(
        Settings(wecom=WeCom.model_validate(wecom.settings()), database=DatabasePart(url=filled))
    )
    yield bot
    bot.close()


def note(bot: Bot, name: str, **ago: timedelta) -> None:
    """Write down a worker whose signs are so old; a halt is given as its reason's age."""
    now = bot.machine_clock.now()
    signs = {sign: now - ago.get(sign, timedelta(0)) for sign in ("beat_at", "pulsed_at")}
    halted = now - ago["halted"] if "halted" in ago else None
    node = nodes.Node(
        name, now, **signs, swept_at=now, halted_since=halted, halt_reason="Secret 不正确。"
    )
    bot.database.run(lambda session: nodes.save(session, node))


def test_no_worker_is_a_note_and_one_at_work_is_well(doctor: Doctor, office: Bot) -> None:
    assert doctor()[1]["worker"][0] == "提示"
    note(office, "a:1")
    assert doctor()[1]["worker"] == ("正常", "后台进程：1 个在运行", "")


def test_a_dead_worker_is_found_and_one_of_several_is_a_note(doctor: Doctor, office: Bot) -> None:
    note(office, "dead:1", beat_at=timedelta(minutes=4))
    mark, reason, todo = doctor()[1]["worker"]
    assert (mark, "dead:1" in reason, "重新启动" in todo) == ("问题", True, True)
    note(office, "alive:2")
    mark, reason, _ = doctor()[1]["worker"]
    assert mark == "提示"
    assert "dead:1" in reason
    assert "alive:2" not in reason


def test_a_worker_that_lives_and_does_nothing_is_found(doctor: Doctor, office: Bot) -> None:
    note(office, "stuck:1", pulsed_at=timedelta(minutes=7))
    mark, reason, _ = doctor()[1]["worker"]
    assert mark == "问题"
    assert "停住" in reason


def test_that_nothing_can_be_sent_is_found(doctor: Doctor, office: Bot) -> None:
    note(office, "a:1", halted=timedelta(minutes=30))
    assert doctor()[1]["sending"][:2] == ("问题", "现在发不出消息：Secret 不正确。")
    note(office, "a:1")
    assert doctor()[1]["sending"][0] == "正常"


def test_the_last_audit_and_what_it_found_are_shown(doctor: Doctor, office: Bot) -> None:
    assert doctor()[1]["audit"][0] == "提示"
    now = office.clock.now()

    def audited(session: Session) -> None:
        tick = ticks.claim(session, "audit", now - timedelta(minutes=1), now)
        assert tick is not None
        ticks.finish(session, tick, now, ticks.DONE)

    office.database.run(audited)
    assert doctor()[1]["audit"][0] == "正常"
    seen = [findings.Finding("failed:1", "failed", {})]
    office.database.run(lambda session: findings.note(session, seen, now))
    mark, reason, todo = doctor()[1]["audit"]
    assert mark == "提示"
    assert "发现 1 项" in reason
    assert "运行情况" in todo
