"""/healthz, /readyz and /metrics: what a watchdog sees in good and bad times."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import text

from bot.app import Bot
from bot.settings import DatabasePart, Server, Settings
from bot.storage import nodes
from bot.web.server import WebServer
from tests.support import databases
from tests.support.office import Office, open_office


@pytest.fixture(params=databases.KINDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with open_office(request.param, tmp_path) as opened:
        opened.load_samples()
        yield opened


def look(url: str, path: str) -> tuple[int, str]:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url.replace("/wecom/callback", path), timeout=10)
    return answer.status_code, answer.text


def figures(url: str) -> dict[str, float]:
    status, text = look(url, "/metrics")
    assert status == 200
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_a_working_bot_is_alive_and_ready_and_counts(office: Office) -> None:
    office.act()
    before = figures(office.callback)
    office.person("linxian").says("第11条 已完成")
    office.wecom.enter("linxian")
    told = re.search(r"(\d+) 位联络员", office.person("bangongshi").says("催办 第11条"))
    assert told
    after = figures(office.callback)
    assert look(office.callback, "/healthz") == (200, "ok\n")
    assert look(office.callback, "/readyz") == (200, "ok\n")
    assert after["bot_database_up"] == 1
    assert before.get('bot_inbox_messages{state="handled"}', 0) == 0
    assert after['bot_inbox_messages{state="handled"}'] == 2
    assert after['bot_inbox_messages{state="ignored"}'] == 1
    queued = 'bot_outbox_messages{state="queued"}'
    assert after[queued] == before.get(queued, 0) + int(told[1])
    assert after["bot_last_tick_seconds"] == office.clock.now().timestamp()


def test_messages_that_wait_show_as_lag(office: Office) -> None:
    office.person("bangongshi").says("催办 第11条")
    assert figures(office.callback)["bot_outbox_lag_seconds"] == 0
    office.clock.set(office.clock.now().replace(minute=35))
    assert figures(office.callback)["bot_outbox_lag_seconds"] == 300


def test_a_web_node_shows_every_worker_and_what_the_audit_found(office: Office) -> None:
    office.act()
    assert "bot_audit_age_seconds" not in figures(office.callback)
    worker = office.bot.heart(office.delivery)
    worker.start()
    worker.done("pulse")
    died = office.bot.machine_clock.now() - timedelta(minutes=9)
    dead = nodes.Node("far:7", died, died, died, died, died, "连不上")
    office.bot.database.run(lambda session: nodes.save(session, dead))
    office.clock.advance(timedelta(minutes=10))
    office.act()
    office.clock.advance(timedelta(minutes=1))
    shown = figures(office.callback)
    for sign in ("beat", "pulse", "sweep"):
        assert 0 <= shown[f'bot_worker_{sign}_age_seconds{{node="{worker.name}"}}'] < 60
        assert shown[f'bot_worker_{sign}_age_seconds{{node="far:7"}}'] >= 540
    assert shown[f'bot_worker_halted{{node="{worker.name}"}}'] == 0
    assert shown['bot_worker_halted{node="far:7"}'] == 1
    assert shown["bot_audit_age_seconds"] == 60
    assert shown['bot_audit_findings{kind="node"}'] == 1
    assert shown['bot_audit_findings{kind="failed"}'] == 0
    assert look(office.callback, "/readyz") == (200, "ok\n")


def test_nothing_secret_is_shown(office: Office) -> None:
    corp = office.wecom.corp
    shown = "".join(look(office.callback, path)[1] for path in ("/healthz", "/readyz", "/metrics"))
    for secret in (corp.secret, corp.token, corp.encoding_aes_key, corp.corp_id, "linxian"):
        assert secret not in shown


@pytest.mark.parametrize("kind", databases.KINDS)
def test_without_its_tables_the_bot_is_alive_but_not_ready(kind: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.db" if kind == "sqlite" else databases.empty_postgresql_url()
    with open_office("sqlite", tmp_path) as other:
        bot = Bot(Settings(wecom=other.settings.wecom, database=DatabasePart(url=url)))
        server = WebServer(bot.flask(), Server(port=0))
        server.start()
        try:
            address = f"http://127.0.0.1:{server.port}/wecom/callback"
            assert look(address, "/healthz")[0] == 200
            assert look(address, "/readyz") == (503, "schema is not current: run init\n")
            assert figures(address) == {"bot_database_up": 0}
        finally:
            server.stop()
            bot.close()
            if kind == "postgresql":
                databases.drop(url)


def test_a_node_goes_on_when_a_newer_release_has_upgraded_the_schema(office: Office) -> None:
    assert look(office.callback, "/readyz") == (200, "ok\n")
    execute(office, "UPDATE alembic_version SET version_num = 'of the next release'")
    assert look(office.callback, "/readyz") == (200, "ok\n")
    assert office.person("linxian").says("第11条 已完成").startswith("已记录：")
    execute(office, "DELETE FROM alembic_version")
    assert look(office.callback, "/readyz") == (503, "schema is not current: run init\n")


def test_a_node_that_never_knew_the_schema_is_not_ready(office: Office) -> None:
    execute(office, "UPDATE alembic_version SET version_num = 'of another program'")
    assert look(office.callback, "/readyz") == (503, "schema is not current: run init\n")


def execute(office: Office, statement: str) -> None:
    office.bot.database.run(lambda session: session.execute(text(statement)))
